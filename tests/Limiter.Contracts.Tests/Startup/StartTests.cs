using System.Diagnostics;
using System.Net.Http.Headers;

namespace Limiter.Contracts.Tests.Startup;

/// <summary>The server's process, from its command line to its first answer or its exit code.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_invalid_policy_is_refused_with_every_error_and_where_it_is()
    {
        var file = Write("""
            {
              "policy": "mine",
              "limits": {
                "minute": { "algorithm": "fixedWindow", "window": "sixty" },
                "hour": { "algorithm": "magic", "window": "1h", "number": 0 }
              },
              "plans": { "basic": { "day": 5 } },
              "surprise": true,
              "response": { "denied": { "error": "{nothing}" } }
            }
            """);
        var (code, errors) = await ServerProcess.RefuseAsync(_folder.Path, "Development", "--policy", file);
        code.ShouldBe(1);
        errors.TrimEnd().Split('\n').Select(line => string.Join(' ', line[file.Length..].Split(' ')[1..4])).ShouldBe(
            [
                "line 4: $.limits.minute.window", "line 5: $.limits.hour.algorithm", "line 5: $.limits.hour.number",
                "line 7: $.plans.basic.day", "line 7: $.plans.basic", "line 8: $.surprise",
                "line 9: $.response.denied.error",
            ], errors);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_is_told_with_those_that_are_shipped()
    {
        var (code, errors) = await ServerProcess.RefuseAsync(_folder.Path, "Development", "--policy", "wakti");
        code.ShouldBe(1);
        errors.ShouldContain("wakti");
        errors.ShouldContain("lms, points, waqti, workestra, wundertre");
    }

    [Theory]
    [InlineData("--polizy", "waqti")]
    [InlineData("--lease-ms", "many")]
    [InlineData("--clock", "sundial")]
    [InlineData("--data")]
    [InlineData("serf")]
    public async Task Wrong_options_exit_with_2(params string[] args)
    {
        var (code, errors) = await ServerProcess.RefuseAsync(_folder.Path, "Development", args);
        code.ShouldBe(2);
        errors.ShouldContain(args[0]);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Elsewhere_than_in_development_it_does_not_start_without_keys(string environment)
    {
        var (code, errors) = await ServerProcess.RefuseAsync(_folder.Path, environment, "--policy", "waqti");
        code.ShouldBe(2);
        errors.ShouldContain("--gateway-key");
        errors.ShouldContain("--admin-key");
    }

    [Fact]
    public async Task In_development_on_an_open_address_it_does_not_start_without_keys()
    {
        var (code, errors) = await ServerProcess.RefuseAsync(
            _folder.Path, "Development", "--urls", "http://0.0.0.0:0");
        code.ShouldBe(2);
        errors.ShouldContain("--gateway-key");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_is_one_line_and_exit_code_1()
    {
        var file = Write("not a folder");
        var (code, errors) = await ServerProcess.RefuseAsync(_folder.Path, "Development", "--data", file);
        code.ShouldBe(1);
        errors.Trim().ShouldContain(Path.GetFileName(file));
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_policy_of_one_s_own_is_served()
    {
        var file = Write("""
            // Two an hour.
            {
              "policy": "mine",
              "limits": { "few": { "algorithm": "fixedWindow", "window": "1h" } },
              "plans": { "only": { "few": 2 } },
              "response": { "ietf": true, "denied": { "sorry": "{limitName} {retryAfter}" } },
            }
            """);
        var (server, address) = await ServerProcess.ListenAsync(
            _folder.Path, "--policy", file, "--data", "memory", "--clock", "manual");
        await using var closing = server;
        using var client = Client(address);
        var last = await CheckAsync(client);
        last.Header("RateLimit-Policy").ShouldBe("\"few\";q=2;w=3600");
        last.Header("RateLimit").ShouldBe("\"few\";r=1;t=3600");
        (await CheckAsync(client)).Status.ShouldBe(200);
        (await CheckAsync(client)).Text.ShouldBe("""{"sorry":"few 3600"}""");
    }

    [Fact]
    public async Task Alone_it_serves_waqti_to_two_sample_tenants_and_prints_a_check_to_paste()
    {
        var watch = Stopwatch.StartNew();
        var (server, address) = await ServerProcess.ListenAsync(_folder.Path);
        await using var closing = server;
        using var client = Client(address);
        var first = await CheckAsync(client);
        // A bucket that is not reached within the wait limit is not waited for: a busy machine may start that slowly.
        for (var i = 0; i < 2 && first.Status == 503; i++)
        {
            first.ShouldBeProblem(503, "unreachable");
            first = await CheckAsync(client);
        }
        var elapsed = watch.Elapsed;
        var text = $"start to first answered check: {elapsed.TotalMilliseconds:0} ms";
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        first.Status.ShouldBe(200, first.Text);
        first.Limit.ShouldBe("60");
        server.Output.ShouldContain($"curl -i {address.GetLeftPart(UriPartial.Authority)}/v1/check");
        var tenants = await Answer.ReadAsync(await client.GetAsync("/v1/tenants"));
        tenants.Json.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("tenant").GetString())
            .ShouldBe(["acme", "globex"]);
        Directory.Exists(_folder.File("limiter-data")).ShouldBeTrue();
    }

    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "dev");
        return client;
    }

    private static async Task<Answer> CheckAsync(HttpClient client) =>
        await Answer.ReadAsync(await client.PostAsync("/v1/check", Served.Json(Ask.Read.ToJson())));

    private string Write(string text)
    {
        var file = _folder.File("mine.json");
        File.WriteAllText(file, text);
        return file;
    }
}
