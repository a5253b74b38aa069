namespace Limiter.Contracts.Tests.Lms;

public sealed class LmsEndpointTests
{
    private static readonly Ask Bulk = new("POST", "/students/bulk") { Tenant = "acme", Key = "k1" };

    [Theory]
    [InlineData("POST", "/courses/5/export", "export")]
    [InlineData("POST", "/Courses/5%2FExport/", "export")]
    [InlineData("POST", "/x/../courses//5/export", "export")]
    [InlineData("POST", "/students/bulk", "bulk")]
    [InlineData("POST", "/enrollments/bulk", "bulk")]
    [InlineData("post", "/enrollments/%62ulk", "bulk")]
    [InlineData("GET", "/search/courses", "search")]
    [InlineData("GET", "/search/courses/by/title?q=x", "search")]
    [InlineData("GET", "/%73earch/%2e/courses", "search")]
    [InlineData("GET", "/courses/5/export", "standard")]
    [InlineData("POST", "/courses/5", "standard")]
    [InlineData("POST", "/courses/bulk", "standard")]
    [InlineData("GET", "/search", "standard")]
    [InlineData("POST", "/search/courses", "standard")]
    public async Task A_route_belongs_to_one_group(string method, string path, string group)
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var answer = await served.CheckAsync(Bulk with { Method = method, Path = path });
        answer.Group.ShouldBe(group);
        string[] limits = group == "standard" ? ["hour", "burst"] : ["hour", "burst", group];
        answer.LimitNames.ShouldBe(limits);
    }

    [Theory]
    [InlineData("POST", "/courses/5/export", 10)]
    [InlineData("POST", "/students/bulk", 20)]
    [InlineData("GET", "/search/courses", 100)]
    public async Task An_endpoint_has_its_own_sliding_hour(string method, string path, int number)
    {
        await using var served = await Served.StartAsync("lms");
        await served.RegisterAsync("acme", "enterprise");
        await served.MintAsync("acme", "k1");
        var ask = Bulk with { Method = method, Path = path };
        await served.AdvanceAsync(600);
        await served.SpendAsync(ask, number);
        await served.AdvanceAsync(600);
        var denied = await served.CheckAsync(ask);
        denied.ShouldBeDenied(10_000, 10_000 - number, retryAfter: 3_000, reset: 4_200);
        denied.Json.GetProperty("error").GetProperty("retry_after").GetInt64().ShouldBe(3_000);
        (await served.CheckAsync(ask with { Method = "PUT" })).Status.ShouldBe(200);
        await served.ShouldRetryExactlyAsync(ask);
    }

    [Fact]
    public async Task The_two_bulk_routes_share_twenty_an_hour_per_key()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        await served.MintAsync("acme", "k2");
        await served.SpendAsync(Bulk, 12);
        await served.SpendAsync(Bulk with { Path = "/enrollments/bulk" }, 8);
        (await served.CheckAsync(Bulk)).ShouldBeDenied(1_000, 980, retryAfter: 3_600);
        (await served.CheckAsync(Bulk with { Key = "k2" })).ShouldBeAllowed(1_000, 999);
    }

    [Fact]
    public async Task A_bulk_request_counts_as_one_however_many_records_it_has()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var answer = await served.CheckAsync(Bulk with { Records = 100 });
        answer.ShouldBeAllowed(1_000, 999);
        answer.Left("bulk").ShouldBe(19);
        (await served.CheckAsync(Bulk with { Records = 0 })).ShouldBeAllowed(1_000, 998);
    }

    [Theory]
    [InlineData("/students/bulk", 101)]
    [InlineData("/enrollments/bulk", 5_000)]
    [InlineData("/Students//Bulk/", 101)]
    [InlineData("/students%2Fbulk", long.MaxValue)]
    public async Task More_than_a_hundred_records_are_refused_before_anything_is_consumed(string path, long records)
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var refused = await served.CheckAsync(Bulk with { Path = path, Records = records });
        refused.ShouldBeProblem(413, "too_many_records", "records").Json.GetProperty("cap").GetInt64().ShouldBe(100);
        refused.Json.GetProperty("detail").GetString()!.ShouldContain("100");
        refused.RetryAfter.ShouldBeNull();
        var left = await served.LimitsAsync(Bulk);
        (left.Left("hour"), left.Left("burst"), left.Left("bulk")).ShouldBe((1_000, 100, 20));
    }

    [Fact]
    public async Task A_refusal_for_its_records_carries_the_headers_too()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        await served.SpendAsync(Bulk, 3);
        (await served.CheckAsync(Bulk with { Records = 101 })).ShouldDescribe(1_000, 997, reset: 3_600);
    }

    [Fact]
    public async Task Records_elsewhere_have_no_cap()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        (await served.CheckAsync(Bulk with { Path = "/students", Records = 101 })).ShouldBeAllowed(1_000, 999);
    }

    [Fact]
    public async Task A_denied_request_consumes_from_no_limit()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var export = Bulk with { Path = "/courses/5/export" };
        await served.SpendAsync(export, 10);
        for (var i = 0; i < 30; i++) (await served.CheckAsync(export)).Status.ShouldBe(429);
        var left = await served.LimitsAsync(export);
        (left.Left("hour"), left.Left("burst"), left.Left("export")).ShouldBe((990, 90, 0));
    }
}
