using Limiter.Functions.Host.Entities;

namespace Limiter.Surface;

/// <summary>The same requests to both hosts: the same status, headers and bytes.</summary>
public sealed class SameBytesTests
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"];

    private static readonly string[] Paths =
    [
        "/", "/nothing", "/favicon.ico", "/v1", "/v1/", "/v1/nothing", "/V1/Check", "/v1/check", "/v1/check/",
        "/v1/charge", "/v1/explain", "/v1/leases", "/v1/identities", "/v1/policy", "/v1/rows",
        "/v1/limits", "/v1/limits?tenant=acme", "/v1/tenants", "/v1/tenants?take=1",
        "/v1/tenants/acme",
        "/v1/tenants/nobody", "/v1/tenants/a%2Fb", "/v1/tenants/acme/keys", "/v1/tenants/acme/keys/k",
        "/v1/tenants/acme/keys?limit=1", "/v1/tenants/acme/keys/k/rotate", "/v1/tenants/acme/changes",
        "/v1/tenants/acme/changes?after=x", "/v1/tenants/acme/links", "/v1/tenants/nobody/links", "/dashboard",
        "/dashboard/", "/dashboard/nothing", "/v1/tenants/acme/alerts", "/v1/tenants/nobody/alerts",
        "/v1/tenants/acme/alerts/test", "/v1/tenants/acme/alerts/sent", "/v1/tenants/acme/alerts/sent?take=0",
        "/v1/tenants/acme/alerts/sent?after=x",
        "/v1/tenants/acme/overrides/minute", "/v1/tenants/acme/adjustments/minute", "/v1/tenants/acme/overrides/none",
        "/healthz", "/readyz", "/proxy", "/proxy/", "/proxy/things?x=1", "/dev/clock", "/metrics", "/openapi/v1.json",
        "/v1/usage", "/v1/usage/acme", "/v1/usage/nobody?by=day", "/v1/usage/acme?by=week",
        "/v1/overview", "/v1/overview?order=near&take=5", "/v1/overview?take=0", "/v1/live?seconds=x",
        "/v1/authorize", "/v1/authorize?deny=403", "/v1/authorize/things?x=1",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "null", "{}", """{"method":"GET"}""", """{"method":"GET","path":"/","tenant":"acme","more":1}""",
        """{"method":"GET","path":"/","tenant":"nobody"}""", """{"method":"GET","path":"/"}""",
        """{"method":"G T","path":"/","tenant":"acme"}""", """{"method":"GET","path":"/%25%32%46","tenant":"acme"}""",
        """{"method":"GET","path":"/","tenant":"acme","cost":0}""",
        """{"method":"GET","path":"/","credential":"lk_x"}""",
        """{"method":"GET","method":"GET","path":"/"}""", """{"method":"GET","path":"/","tenant":"acme","ip":"1"}""",
        """{"plan":"basic"}""", """{"plan":"none"}""", """{"name":"ci"}""", """{"limit":5}""", """{"limit":-1}""",
        """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""", """{"checkId":"x","cost":1}""",
        """{"suspended":true}""", """{"suspended":true,"reason":"unpaid"}""", """{"suspended":false}""",
        """{"name":"old","sha256":"00"}""", """{"name":"t","key":"k","kind":"test"}""", """{"overlapSeconds":60}""",
        """{"overlapSeconds":-1}""",
        """{"edge":"0123456789abcdef","names":["acme","nobody","acme/k"]}""", """{"names":["a b"]}""",
        """{"credentials":["00"]}""", """{"edge":"00000000000000a1","reserves":{"t:acme:":""}}""",
        """{"edge":"00000000000000a1","reserves":{"acme":""}}""", """{"edge":"a1","rows":{}}""",
        """{"edge":"00000000000000a1","rows":{"00000000000000a1-1":{"minute":"2026-01-01T00:00Z"}}}""",
        """
        {"edge":"00000000000000a1","rows":{"00000000000000a1-1":
            {"minute":"2026-01-01T00:00:00Z","revision":1,"sheet":"AQAA"}}}
        """,
        """{"thresholds":[80,100],"limits":["day"],"summary":true}""",
        """{"thresholds":[101]}""", """{"webhook":"https://127.0.0.1/","secret":"0123456789abcdef"}""",
        """{"method":"GET","path":"/","tenant":"acme","reserve":"30s"}""",
        """{"method":"GET","path":"/","tenant":"acme","reserve":"1h"}""", """{"checkId":"x","cost":0}""",
        """{"days":1,"name":"finance"}""", """{"days":91}""",
    ];

    [Fact]
    public async Task Every_path_answers_every_method_and_every_caller_alike()
    {
        await using var hosts = await BothHosts.StartAsync("waqti");
        foreach (var path in Paths)
            foreach (var method in Methods)
                foreach (var key in new[] { null, "wrong", BothHosts.GatewayKey, BothHosts.AdminKey })
                    await hosts.SendAsync(new Request(method, path) { Key = key });
    }

    [Fact]
    public async Task Every_call_with_a_body_answers_good_and_bad_ones_alike()
    {
        await using var hosts = await BothHosts.StartAsync("waqti");
        await RegisterAsync(hosts);
        var calls = hosts.Server.Surface.Resources.SelectMany(resource => resource.Calls.Select(call => call.Operation))
            .Where(call => call.Method is "POST" or "PUT");
        foreach (var call in calls)
            foreach (var body in Bodies)
                await hosts.SendAsync(new Request(call.Method, Concrete(call.Pattern), body));
        foreach (var size in new[] { 65_000, 70_000, 2_000_000 })
            await hosts.SendAsync(new Request("POST", "/v1/check", $$"""{"method":"{{new string('x', size)}}"}"""));
    }

    [Theory]
    [InlineData("waqti", 0, 0)]
    [InlineData("waqti", 0, 5)]
    [InlineData("lms", 0, 0)]
    [InlineData("points", 0, 7)]
    [InlineData("workestra", 0, 0)]
    [InlineData("wundertre", 0, 9)]
    public async Task Checks_are_answered_alike_up_to_the_limit_and_beyond(string policy, int leaseMs, int seed)
    {
        var delivery = seed == 0 ? Delivery.Prompt : Delivery.Hostile(seed);
        await using var hosts = await BothHosts.StartAsync(policy, leaseMs, delivery: delivery);
        foreach (var plan in hosts.Functions.Edge.Checker.Policy.Policy.Plans)
            await hosts.SendAsync(new Request("PUT", "/v1/tenants/acme", $$"""{"plan":"{{plan.Name}}"}"""));
        var plans = hosts.Functions.Edge.Checker.Policy.Policy.Plans;
        await hosts.SendAsync(new Request("PUT", "/v1/tenants/acme", $$"""{"plan":"{{plans[0].Name}}"}"""));
        await hosts.SendAsync(new Request("POST", "/v1/tenants/acme/keys", """{"name":"k1"}"""));
        var statuses = new HashSet<int>();
        for (var i = 0; i < 150; i++)
        {
            var method = i % 3 == 0 ? "POST" : "GET";
            var body = $$"""
                {"tenant":"acme","key":"{key}","ip":"203.0.113.{{i % 2}}","method":"{{method}}","path":"/auth/login"}
                """;
            var accept = i % 2 == 0 ? "application/json" : "application/vnd.limiter.decision+json";
            var answer = await hosts.SendAsync(new Request("POST", "/v1/check", body)
            {
                Key = BothHosts.GatewayKey,
                Headers = [("Accept", accept)],
            });
            statuses.Add(answer.Status);
            await hosts.SendAsync(new Request("GET", "/v1/limits?tenant=acme&key={key}&ip=203.0.113.1"));
            if (i % 10 == 9) hosts.Advance(TimeSpan.FromMilliseconds(1_300));
        }
        statuses.ShouldBe([200, 429], ignoreOrder: true);
    }

    [Fact]
    public async Task Checks_on_a_lease_are_answered_alike()
    {
        await using var hosts = await BothHosts.StartAsync("waqti", leaseMs: 10_000);
        await RegisterAsync(hosts);
        for (var i = 0; i < 4; i++)
            await hosts.SendAsync(new Request("POST", "/v1/check", """{"tenant":"acme","method":"GET","path":"/"}"""));
    }

    [Fact]
    public async Task A_proxied_request_is_answered_alike()
    {
        await using var upstream = await Upstream.StartAsync();
        await using var hosts = await BothHosts.StartAsync("waqti", upstream: upstream.Address);
        await RegisterAsync(hosts);
        await hosts.SendAsync(new Request("GET", "/proxy/x") { Key = null });
        await hosts.SendAsync(new Request("POST", "/v1/tenants/acme/keys", """{"name":"k1"}"""));
        string[] paths = ["/proxy/a/b?c=d%2Fe", "/proxy/a//b/../c", "/proxy/%2e%2e/x", "/proxy/a%5Cb", "/proxy"];
        var statuses = new HashSet<int>();
        foreach (var secret in new[] { "unknown", "{secret}" })
            foreach (var path in paths)
                foreach (var method in Methods)
                    statuses.Add((await hosts.SendAsync(
                        new Request(method, path, method is "POST" ? "{}" : null) { Key = secret })).Status);
        for (var i = 0; i < 60; i++) await hosts.SendAsync(new Request("GET", "/proxy/x") { Key = "{secret}" });
        var denied = await hosts.SendAsync(new Request("GET", "/proxy/x") { Key = "{secret}" });
        denied.Status.ShouldBe(429);
        statuses.ShouldBe([200, 400, 401, 404], ignoreOrder: true);
    }

    [Fact]
    public async Task Changes_preconditions_and_suspensions_are_answered_alike()
    {
        await using var hosts = await BothHosts.StartAsync("waqti");
        await RegisterAsync(hosts);
        const string tenant = "/v1/tenants/acme";
        await hosts.SendAsync(new Request("POST", tenant + "/keys", """{"name":"ci","key":"k","kind":"test"}"""));
        var rotated = await hosts.SendAsync(
            new Request("POST", tenant + "/keys/k/rotate", """{"overlapSeconds":60,"reason":"leaked"}"""));
        rotated.Status.ShouldBe(200);
        foreach (var match in new[] { "\"1\"", "\"99\"", "*", "W/\"1\"", "nonsense", "" })
            foreach (var header in new[] { "If-Match", "If-None-Match" })
                await hosts.SendAsync(new Request("PUT", tenant + "/overrides/minute", """{"limit":7}""")
                {
                    Headers = [(header, match), ("X-Limiter-Actor", "ops@example.com")],
                });
        await hosts.SendAsync(new Request("PUT", tenant, """{"suspended":true,"reason":"unpaid"}"""));
        var refused = await hosts.SendAsync(
            new Request("POST", "/v1/check", """{"tenant":"acme","method":"GET","path":"/"}"""));
        refused.Status.ShouldBe(403);
        await hosts.SendAsync(new Request("GET", tenant + "/keys/k"));
        await hosts.SendAsync(new Request("DELETE", tenant) { Headers = [("If-Match", "\"1\"")] });
        (await hosts.SendAsync(new Request("DELETE", tenant))).Status.ShouldBe(204);
        var told = await hosts.SendAsync(new Request("GET", tenant + "/changes"));
        (told.Status, told.Body.Contains("ops@example.com", StringComparison.Ordinal)).ShouldBe((200, true));
    }

    [Fact]
    public async Task Reservations_are_committed_given_back_and_over_alike()
    {
        await using var hosts = await BothHosts.StartAsync("points");
        await hosts.SendAsync(new Request("PUT", "/v1/tenants/acme", """{"plan":"build"}"""));
        const string check = """{"tenant":"acme","method":"POST","path":"/batch","reserve":"30s"}""";
        (int Cost, int Status)[] charges = [(4, 200), (4, 200), (5, 409), (0, 409)];
        (await hosts.SendAsync(new Request("POST", "/v1/check", check))).Status.ShouldBe(200);
        foreach (var (cost, status) in charges) (await ChargeAsync(hosts, cost)).Status.ShouldBe(status);
        (await hosts.SendAsync(new Request("POST", "/v1/check", check))).Status.ShouldBe(200);
        hosts.Advance(TimeSpan.FromSeconds(30));
        (await ChargeAsync(hosts, 4)).Status.ShouldBe(410);
        (await ChargeAsync(hosts, 0)).Status.ShouldBe(200);
        var left = await hosts.SendAsync(new Request("GET", "/v1/limits?tenant=acme"));
        left.Body.ShouldContain("\"remaining\":96");
    }

    [Fact]
    public async Task A_cost_that_the_upstream_tells_is_charged_alike_and_not_passed_on()
    {
        await using var upstream = await Upstream.StartAsync(cost: "9");
        await using var hosts = await BothHosts.StartAsync("points", upstream: upstream.Address);
        await hosts.SendAsync(new Request("PUT", "/v1/tenants/acme", """{"plan":"build"}"""));
        await hosts.SendAsync(new Request("POST", "/v1/tenants/acme/keys", """{"name":"k1"}"""));
        (await hosts.SendAsync(new Request("GET", "/proxy/contacts") { Key = "{secret}" })).Status.ShouldBe(200);
        // The corrections are made behind the answers.
        var limits = new Request("GET", "/v1/limits?tenant=acme");
        foreach (var host in new[] { hosts.Server.Address, hosts.Functions.Address })
            for (var tries = 0; tries < 2_000; tries++)
                if ((await Answer.AskAsync(host, limits)).Body.Contains("\"remaining\":91")) break;
        (await hosts.SendAsync(limits)).Body.ShouldContain("\"remaining\":91");
    }

    private static Task<Answer> ChargeAsync(BothHosts hosts, int cost) => hosts.SendAsync(
        new Request("POST", "/v1/charge", $$"""{"checkId":"{checkId}","cost":{{cost}}}"""));

    private static async Task RegisterAsync(BothHosts hosts) =>
        (await hosts.SendAsync(new Request("PUT", "/v1/tenants/acme", """{"plan":"basic"}"""))).Status.ShouldBe(201);

    private static string Concrete(string pattern) => pattern.Replace("{tenant}", "acme", StringComparison.Ordinal)
        .Replace("{limit}", "minute", StringComparison.Ordinal)
        .Replace("{key}", "k", StringComparison.Ordinal);
}
