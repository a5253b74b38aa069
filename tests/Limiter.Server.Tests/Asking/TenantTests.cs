namespace Limiter.Server.Tests.Asking;

public sealed class TenantTests
{
    [Fact]
    public async Task A_tenant_is_added_shown_listed_and_removed()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        (await cli.RunAsync("tenants", "add", "acme", "--plan", "basic", "--override", "minute=7", "--override",
            "day=unlimited")).ShouldBe(0).Out.ShouldBe("acme is registered on plan basic.\n");
        (await cli.RunAsync("tenants", "add", "globex", "--plan", "professional")).ShouldBe(0);

        var listed = (await cli.RunAsync("tenants", "list")).ShouldBe(0).Lines;
        listed.Length.ShouldBe(3);
        listed[1].ShouldStartWith("acme    basic                day=unlimited minute=7");
        (await cli.RunAsync("tenants", "show", "acme")).ShouldBe(0).Out.ShouldContain("override");

        (await cli.RunAsync("tenants", "remove", "acme", "--yes")).ShouldBe(0).Out.ShouldBe("acme is removed.\n");
        (await cli.RunAsync("tenants", "show", "acme")).ShouldBe(1).Error
            .ShouldBe("limiter: The tenant is not registered.\n");
    }

    [Fact]
    public async Task Json_is_what_the_server_answers()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        var added = (await cli.RunAsync("tenants", "add", "acme", "--plan", "basic", "--json")).ShouldBe(0).Json;
        added.GetProperty("plan").GetString().ShouldBe("basic");
        (await cli.RunAsync("tenants", "show", "acme", "--json")).Json.GetProperty("keys").GetArrayLength().ShouldBe(0);
        (await cli.RunAsync("tenants", "remove", "acme", "--yes", "--json")).Json.GetProperty("removed").GetString()
            .ShouldBe("acme");
        (await cli.RunAsync("tenants", "list", "--json")).Out.ShouldBe("{\"tenants\":[],\"next\":null}\n");
    }

    [Fact]
    public async Task A_list_goes_through_the_pages_and_says_where_it_ends()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        foreach (var name in new[] { "a", "b", "c" }) await server.RegisterAsync(name);
        var first = (await cli.RunAsync("tenants", "list", "--json", "--take", "2")).ShouldBe(0).Json;
        first.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("tenant").GetString())
            .ShouldBe(["a", "b"]);
        var rest = await cli.RunAsync(
            "tenants", "list", "--json", "--after", first.GetProperty("next").GetString()!);
        rest.Json.GetProperty("tenants").GetArrayLength().ShouldBe(1);
        (await cli.RunAsync("tenants", "list", "--take", "1")).Error.ShouldContain("--after a");
    }

    [Fact]
    public async Task A_second_add_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        var again = (await cli.RunAsync("tenants", "add", "acme", "--plan", "enterprise")).ShouldBe(1);
        again.Error.ShouldContain("registered already");
        (await cli.RunAsync("tenants", "show", "acme", "--json")).Json.GetProperty("plan").GetString()
            .ShouldBe("basic");
    }

    [Theory]
    [InlineData(1, "gold", "one of basic, professional, enterprise")]
    [InlineData(2, "basic --override minute", "minute' is not LIMIT=")]
    [InlineData(2, "basic --override minute=-1", "a whole number from 0 to 1000000000")]
    public async Task Bad_input_is_told(int code, string words, string told)
    {
        await using var server = await TestServer.StartAsync();
        var result = await Cli.For(server).RunAsync(["tenants", "add", "acme", "--plan", .. words.Split(' ')]);
        result.ShouldBe(code).Error.ShouldContain(told);
    }

    [Fact]
    public async Task Removing_asks_a_person_and_nobody_else()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        (await cli.RunAsync("tenants", "remove", "acme")).ShouldBe(2).Error.ShouldContain("add --yes");
        var no = await cli.At(terminal: true, "n\n").RunAsync("tenants", "remove", "acme");
        no.ShouldBe(1).Error.ShouldContain("Remove acme and all its keys? [y/N] ");
        (await cli.At(terminal: true).RunAsync("tenants", "remove", "acme")).ShouldBe(1);
        (await cli.RunAsync("tenants", "show", "acme")).ShouldBe(0);
        (await cli.At(terminal: true, "y\n").RunAsync("tenants", "remove", "acme")).ShouldBe(0);
    }
}
