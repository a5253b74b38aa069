namespace Limiter.Contracts.Tests.Workestra;

public sealed class WorkestraGroupTests
{
    [Theory]
    [InlineData("POST", "/auth/login", "critical")]
    [InlineData("POST", "/auth/token/refresh", "critical")]
    [InlineData("POST", "/users", "critical")]
    [InlineData("PUT", "/users/7/password", "critical")]
    [InlineData("GET", "/export/contacts", "export")]
    [InlineData("GET", "/export/contacts/2026", "export")]
    [InlineData("POST", "/contacts/import", "export")]
    [InlineData("POST", "/contacts/bulk", "export")]
    [InlineData("POST", "/reports/sales", "export")]
    [InlineData("POST", "/reports/sales/weekly", "export")]
    [InlineData("POST", "/contacts", "write")]
    [InlineData("PUT", "/deals/3", "write")]
    [InlineData("PATCH", "/deals/3", "write")]
    [InlineData("DELETE", "/tasks/9", "write")]
    [InlineData("POST", "/auth", "write")]
    [InlineData("PUT", "/users/7", "write")]
    [InlineData("PUT", "/users/7/password/x", "write")]
    [InlineData("DELETE", "/users", "write")]
    [InlineData("POST", "/", "write")]
    [InlineData("GET", "/contacts", "standard")]
    [InlineData("GET", "/auth/login", "standard")]
    [InlineData("GET", "/export", "standard")]
    [InlineData("GET", "/reports/sales", "standard")]
    [InlineData("GET", "/", "standard")]
    [InlineData("HEAD", "/contacts", "standard")]
    [InlineData("HEAD", "/export/contacts", "export")]
    [InlineData("OPTIONS", "/contacts", "standard")]
    public async Task A_route_belongs_to_one_group(string method, string path, string group)
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        var answer = await served.CheckAsync(new Ask(method, path) { Tenant = "acme" });
        answer.Group.ShouldBe(group);
        string[] limits = group == "standard" ? ["minute"] : ["minute", group];
        answer.LimitNames.ShouldBe(limits);
    }

    [Theory]
    [InlineData("POST", "/AUTH/Login")]
    [InlineData("post", "/auth/login")]
    [InlineData("POST", "//auth/login")]
    [InlineData("POST", "/auth//login")]
    [InlineData("POST", "/auth/login/")]
    [InlineData("POST", "/auth/login//?x=1")]
    [InlineData("POST", "/auth/login#top")]
    [InlineData("POST", "/%61uth/login")]
    [InlineData("POST", "/%41UTH/login")]
    [InlineData("POST", "/auth%2Flogin")]
    [InlineData("POST", "/auth%2flogin")]
    [InlineData("POST", "%2Fauth/login", 400)]
    [InlineData("POST", "/./auth/login")]
    [InlineData("POST", "/%2e/auth/login")]
    [InlineData("POST", "/contacts/../auth/login")]
    [InlineData("POST", "/contacts/%2e%2E/auth/login")]
    [InlineData("POST", "/contacts/.%2e/auth/login")]
    [InlineData("POST", "/contacts%2F..%2Fauth%2Flogin")]
    [InlineData("POST", "/../../auth/login")]
    [InlineData("POST", "/users/")]
    [InlineData("POST", "/users?role=admin")]
    [InlineData("POST", "/u%73ers")]
    [InlineData("PUT", "/users/7/password/")]
    [InlineData("PUT", "/users//7//password")]
    [InlineData("PUT", "/users/%37/pass%77ord")]
    [InlineData("PUT", "/users/7%2Fpassword")]
    [InlineData("PUT", "/Users/a/../7/PASSWORD")]
    [InlineData("POST", "/auth%252Flogin", 400)]
    [InlineData("POST", "/%2561uth/login", 400)]
    [InlineData("POST", "/auth\\login", 400)]
    [InlineData("POST", "/auth%5Clogin", 400)]
    [InlineData("POST", "/auth%00/login", 400)]
    [InlineData("POST", "/auth/login%0a", 400)]
    [InlineData("POST", "/auth/%zz", 400)]
    [InlineData("POST", "/auth/%c0%afx", 400)]
    [InlineData("POST", "auth/login", 400)]
    [InlineData("POST", "http://api/auth/login", 400)]
    public async Task No_spelling_escapes_the_critical_group(string method, string path, int status = 429)
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "professional");
        await served.SpendAsync(new Ask("POST", "/auth/login") { Tenant = "acme" }, 10);
        var answer = await served.CheckAsync(new Ask(method, path) { Tenant = "acme" });
        if (status == 429) answer.ShouldBeDenied(10, 0, retryAfter: 60);
        else answer.ShouldBeProblem(400, "invalid_path", "path");
        (await served.LimitsAsync(Ask.Read)).Left("minute").ShouldBe(490);
    }

    [Theory]
    [InlineData("POST", "/auth/login", "critical")]
    [InlineData("GET", "/export/contacts", "export")]
    public async Task A_fixed_group_has_the_same_number_on_every_plan(string method, string path, string group)
    {
        await using var served = await Served.StartAsync("workestra");
        foreach (var plan in new[] { "standard", "professional", "enterprise" })
        {
            await served.RegisterAsync(plan, plan);
            var ask = new Ask(method, path) { Tenant = plan };
            await served.SpendAsync(ask, 9);
            (await served.CheckAsync(ask)).ShouldBeAllowed(10, 0, reset: 60).Group.ShouldBe(group);
            (await served.CheckAsync(ask)).ShouldBeDenied(10, 0, retryAfter: 60, reset: 60);
        }
    }

    [Theory]
    [InlineData("standard", 50)]
    [InlineData("professional", 250)]
    [InlineData("enterprise", 1_000)]
    public async Task Writes_have_half_of_the_plan_s_number(string plan, int number)
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", plan);
        (await served.CheckAsync(Ask.Write)).ShouldBeAllowed(number, number - 1, reset: 60);
        await served.SpendAsync(Ask.Write with { Method = "DELETE", Path = "/deals/1" }, number - 1);
        (await served.CheckAsync(Ask.Write)).ShouldBeDenied(number, 0, retryAfter: 60, reset: 60);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(2 * number, number - 1, reset: 60);
    }

    [Fact]
    public async Task A_group_s_routes_share_one_count()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.SpendAsync(Ask.Write with { Path = "/contacts/import" }, 4);
        await served.SpendAsync(Ask.Write with { Path = "/reports/sales" }, 3);
        await served.SpendAsync(Ask.Read with { Path = "/export/deals" }, 3);
        (await served.CheckAsync(Ask.Write with { Path = "/deals/bulk" })).ShouldBeDenied(10, 0, retryAfter: 60);
        (await served.LimitsAsync(Ask.Write)).Left("write").ShouldBe(50);
    }

    [Fact]
    public async Task A_denied_request_consumes_from_no_limit()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        var critical = Ask.Write with { Path = "/users" };
        await served.SpendAsync(critical, 10);
        for (var i = 0; i < 5; i++) (await served.CheckAsync(critical)).Status.ShouldBe(429);
        (await served.LimitsAsync(critical)).Left("minute").ShouldBe(90);
        await served.SpendAsync(Ask.Read, 90);
        (await served.CheckAsync(Ask.Write)).ShouldBeDenied(100, 0, retryAfter: 60);
        (await served.LimitsAsync(Ask.Write)).Left("write").ShouldBe(50);
    }

    [Fact]
    public async Task The_headers_describe_the_limit_with_least_left()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.SpendAsync(Ask.Read, 60);
        (await served.CheckAsync(Ask.Write)).ShouldBeAllowed(100, 39, reset: 60);
        (await served.CheckAsync(Ask.Write with { Path = "/users" })).ShouldBeAllowed(10, 9, reset: 60);
    }
}
