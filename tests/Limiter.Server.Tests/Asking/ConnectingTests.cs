using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Limiter.Server.Tests.Asking;

/// <summary>Which server is asked with which key, and what is said when it does not answer.</summary>
public sealed class ConnectingTests
{
    public static TheoryData<string> Commands =>
    [
        "check GET /", "explain GET /", "tenants list", "tenants show a", "tenants add a --plan basic",
        "tenants remove a --yes", "keys list a", "keys mint a --name x", "keys rotate a k --overlap 1h",
        "keys revoke a k --yes", "terms show a", "terms override a minute 1",
        "terms adjust a minute --to 1 --for 1h --reason x", "terms clear a minute", "terms suspend a --reason x",
        "terms resume a", "terms plan a basic", "usage a", "usage a --csv", "top", "policy show",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_server_that_is_not_there_is_exit_code_3(string words)
    {
        var cli = Cli.For(new Uri("http://127.0.0.1:1"));
        var result = (await cli.RunAsync(words.Split(' '))).ShouldBe(3);
        result.Error.ShouldStartWith("limiter: http://127.0.0.1:1/: cannot be reached: ");
        result.Out.ShouldBeEmpty();
        var json = (await cli.RunAsync([.. words.Replace(" --csv", "").Split(' '), "--json"])).ShouldBe(3);
        JsonDocument.Parse(json.Error).RootElement.GetProperty("exitCode").GetInt32().ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_key_that_is_not_accepted_is_exit_code_4_and_is_not_shown(string words)
    {
        if (words == "policy show") return; // It asks /readyz, which is open to anyone.
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server).With("LIMITER_KEY", "not-the-key");
        var result = await cli.RunAsync(words.Split(' '));
        result.ShouldBe(4).Error.ShouldContain("--key");
        (result.Error + result.Out).ShouldNotContain("not-the-key");
    }

    [Fact]
    public async Task The_gateways_key_is_not_enough_for_administration()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server).With("LIMITER_KEY", TestServer.GatewayKey);
        (await cli.RunAsync("check", "GET", "/", "--tenant", "acme")).ShouldBe(0);
        (await cli.RunAsync("tenants", "list")).ShouldBe(4);
    }

    [Fact]
    public async Task The_key_comes_from_the_option_then_a_file_then_the_environment()
    {
        await using var server = await TestServer.StartAsync();
        using var folder = new TemporaryFolder();
        var file = folder.File("key");
        await File.WriteAllTextAsync(file, TestServer.AdminKey + "\r\nsecond line");
        var bare = new Cli { Clock = server.Clock };
        string[] list = ["tenants", "list", "--server", server.Address.ToString()];
        (await bare.RunAsync(list)).ShouldBe(2).Error.ShouldContain("--key: required");
        (await bare.RunAsync([.. list, "--key", TestServer.AdminKey])).ShouldBe(0);
        (await bare.RunAsync([.. list, "--key-file", file])).ShouldBe(0);
        (await bare.At(false, TestServer.AdminKey + "\n").RunAsync([.. list, "--key-file", "-"])).ShouldBe(0);
        (await bare.RunAsync([.. list, "--key", "x", "--key-file", file])).ShouldBe(2);
        (await new Cli().With("LIMITER_KEY_FILE", file).RunAsync(list)).ShouldBe(0);
        (await new Cli().With("LIMITER_KEY", "wrong").RunAsync([.. list, "--key-file", file])).ShouldBe(0);
        // The key that a server in Development takes when it has none of its own; this one has.
        (await new Cli().With("ASPNETCORE_ENVIRONMENT", "Development").RunAsync(list)).ShouldBe(4);
    }

    [Theory]
    [InlineData("--server", "localhost:7071")]
    [InlineData("--server", "http://user:secret@127.0.0.1:1")]
    [InlineData("--key-file", "/nowhere/key")]
    [InlineData("--key", "two words")]
    [InlineData("--timeout", "0")]
    public async Task Wrong_settings_are_exit_code_2(string option, string value)
    {
        var result = await Cli.For(new Uri("http://127.0.0.1:1")).RunAsync("tenants", "list", option, value);
        result.ShouldBe(2).Error.ShouldContain(option);
    }

    [Fact]
    public async Task A_server_that_keeps_silent_is_waited_for_as_long_as_is_said()
    {
        var never = new TaskCompletionSource();
        await using var server = await CannedServer.StartAsync(context => never.Task.WaitAsync(context.RequestAborted));
        var result = await Cli.For(server.Address).RunAsync("tenants", "list", "--timeout", "1");
        result.ShouldBe(3).Error.ShouldContain("no answer within 1 s");
    }

    [Theory]
    [InlineData(500, "text/html", "<h1>Oops</h1>", 3)]
    [InlineData(404, "text/html", "no Limiter", 3)]
    [InlineData(200, "application/json", "{\"tenants\":[],\"next\":\"a\"}", 3)]
    [InlineData(503, "application/problem+json", "{\"code\":\"busy\",\"detail\":\"Busy.\"}", 3)]
    [InlineData(302, "text/plain", "", 3)]
    [InlineData(400, "text/plain", "Bad request line", 1)]
    public async Task An_answer_of_another_kind_is_told(int status, string type, string body, int code)
    {
        await using var server = await CannedServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        (await Cli.For(server.Address).RunAsync("tenants", "list")).ShouldBe(code).Error.ShouldStartWith("limiter: ");
    }
}
