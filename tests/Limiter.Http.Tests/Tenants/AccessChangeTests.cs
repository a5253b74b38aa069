namespace Limiter.Http.Tests.Tenants;

/// <summary>What is told of who may learn of a tenant: by alerts and by links.</summary>
public sealed class AccessChangeTests
{
    private const string Acme = "/v1/tenants/acme";

    [Fact]
    public async Task Alert_rules_and_links_are_told_with_their_actor_and_without_secrets()
    {
        await using var server = await TestServer.StartAsync();
        server.Admin.DefaultRequestHeaders.Add("X-Limiter-Actor", "eve@example.com");
        await server.RegisterAsync();
        await PutAsync(server, """{"summary":false}""");
        await PutAsync(server, """
            {"thresholds":[90],"limits":["day"],"webhook":"https://93.184.216.34/hooks/T0/B0?key=hidden",
             "secret":"a-secret-of-some-length"}
            """);
        (await server.Admin.DeleteAsync(Acme + "/alerts")).EnsureSuccessStatusCode();
        (await server.Admin.DeleteAsync(Acme + "/alerts")).IsSuccessStatusCode.ShouldBeFalse();
        using var made = await server.Admin.PostAsync(
            Acme + "/links", TestServer.Json("""{"days":2,"name":"their dashboard"}"""));
        var token = (await TestServer.ReadAsync(made)).GetProperty("token").GetString().ShouldNotBeNull();
        var told = await TestServer.ReadAsync(await server.Admin.GetAsync(Acme + "/changes"));
        var changes = told.GetProperty("changes").EnumerateArray().ToArray();
        changes.Select(change => change.GetProperty("what").GetString())
            .ShouldBe(["linkMade", "alertsRemoved", "alertsSet", "alertsSet", "keyMinted", "created"]);
        changes.ShouldAllBe(change => change.GetProperty("actor").GetString() == "eve@example.com");
        const string rule =
            """{"thresholds":[90],"limits":["day"],"summary":true,"webhook":"https://93.184.216.34"}""";
        const string plain = """{"thresholds":[80,100],"summary":false}""";
        changes.Take(4).Select(change =>
            $"{change.GetProperty("before").GetRawText()} {change.GetProperty("after").GetRawText()}").ShouldBe(
        [
            """null {"name":"their dashboard","until":"2026-01-03T00:00:00Z"}""", rule + " null", $"{plain} {rule}",
            "null " + plain,
        ]);
        foreach (var secret in new[] { "hidden", "a-secret", token }) told.GetRawText().ShouldNotContain(secret);
    }

    private static async Task PutAsync(TestServer server, string body) =>
        (await server.Admin.PutAsync(Acme + "/alerts", TestServer.Json(body))).EnsureSuccessStatusCode();
}
