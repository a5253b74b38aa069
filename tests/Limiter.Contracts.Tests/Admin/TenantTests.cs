namespace Limiter.Contracts.Tests.Admin;

public sealed class TenantTests
{
    private const string Acme = "/v1/tenants/acme";

    [Fact]
    public async Task A_tenant_s_life_in_exact_shapes()
    {
        await using var served = await Served.StartAsync("waqti");
        var created = await served.PutAsync(Acme, """{"plan":"basic"}""");
        (created.Status, created.ContentType).ShouldBe((201, "application/json"));
        var version = created.Json.GetProperty("version").GetInt64();
        created.Text.ShouldBe("{\"tenant\":\"acme\",\"plan\":\"basic\",\"version\":" + version
            + ",\"createdAt\":\"2026-01-01T00:00:00Z\",\"overrides\":{},\"adjustments\":{}}");
        var same = await served.PutAsync(Acme, """{"plan":"basic"}""");
        (same.Status, same.Text).ShouldBe((200, created.Text));
        var changed = await served.PutAsync(Acme,
            """{"plan":"enterprise","overrides":{"minute":7,"day":"unlimited"}}""");
        changed.Status.ShouldBe(200);
        changed.Json.GetProperty("version").GetInt64().ShouldBeGreaterThan(version);
        changed.Json.GetProperty("overrides").GetRawText().ShouldBe("""{"day":"unlimited","minute":7}""");
        var read = await served.GetAsync(Acme);
        read.Text.ShouldBe(changed.Text[..^1] + ",\"keys\":[],\"next\":null}");
        var deleted = await served.DeleteAsync(Acme);
        (deleted.Status, deleted.Bytes.Length).ShouldBe((204, 0));
        (await served.GetAsync(Acme)).ShouldBeProblem(404, "unknown_tenant", "tenant");
        (await served.DeleteAsync(Acme)).ShouldBeProblem(404, "unknown_tenant", "tenant");
        (await served.CheckAsync(Ask.Read)).ShouldBeProblem(404, "unknown_tenant", "tenant");
    }

    [Fact]
    public async Task Deleting_and_registering_again_gives_no_quota_back()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        (await served.DeleteAsync(Acme)).Status.ShouldBe(204);
        await served.RegisterAsync("acme", "basic");
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 60, reset: 60);
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(940);
        await served.AdvanceAsync(3_600);
        (await served.DeleteAsync(Acme)).Status.ShouldBe(204);
        await served.RegisterAsync("acme", "basic");
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(940);
    }

    [Fact]
    public async Task A_key_that_is_removed_and_minted_again_gets_no_quota_back()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var ask = Ask.Read with { Key = "k1" };
        await served.SpendAsync(ask, 100);
        (await served.DeleteAsync(Acme + "/keys/k1")).Status.ShouldBe(204);
        (await served.CheckAsync(ask)).ShouldBeProblem(404, "unknown_key", "key");
        await served.MintAsync("acme", "k1");
        (await served.CheckAsync(ask)).ShouldBeDenied(1_000, 900, retryAfter: 1);
    }

    [Fact]
    public async Task A_new_tenant_works_at_the_next_request()
    {
        await using var served = await Served.StartAsync("waqti");
        (await served.CheckAsync(Ask.Read)).ShouldBeProblem(404, "unknown_tenant", "tenant");
        await served.RegisterAsync("acme", "basic");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59);
    }

    [Fact]
    public async Task A_plan_or_number_that_the_policy_lacks_is_refused_and_nothing_is_changed()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var before = (await served.GetAsync(Acme)).Text;
        var gold = await served.PutAsync(Acme, """{"plan":"gold"}""");
        gold.ShouldBeProblem(400, "unknown_plan", "plan").Text.ShouldContain("basic, professional, enterprise");
        (await served.PutAsync(Acme, """{"plan":"basic","overrides":{"hour":1}}"""))
            .ShouldBeProblem(400, "unknown_limit", "overrides.hour");
        (await served.PutAsync(Acme + "/overrides/hour", """{"limit":1}"""))
            .ShouldBeProblem(404, "unknown_limit", "limit").Text.ShouldContain("minute, day");
        (await served.PutAsync(Acme + "/adjustments/hour", "{}")).ShouldBeProblem(404, "unknown_limit", "limit");
        (await served.GetAsync(Acme)).Text.ShouldBe(before);
    }

    [Fact]
    public async Task Tenants_are_listed_in_pages_in_the_order_of_their_names()
    {
        await using var served = await Served.StartAsync("waqti");
        var names = Enumerable.Range(0, 25).Select(i => $"tenant-{i:00}").ToArray();
        foreach (var name in names.Reverse()) await served.RegisterAsync(name, "basic");
        var found = new List<string?>();
        string? after = null;
        do
        {
            var page = await served.GetAsync("/v1/tenants?limit=10" + (after is null ? "" : "&after=" + after));
            page.Status.ShouldBe(200, page.Text);
            var tenants = page.Json.GetProperty("tenants").EnumerateArray().ToArray();
            tenants.Length.ShouldBeLessThanOrEqualTo(10);
            found.AddRange(tenants.Select(tenant => tenant.GetProperty("tenant").GetString()));
            after = page.Json.GetProperty("next").GetString();
        }
        while (after is not null);
        found.ShouldBe(names);
        (await served.GetAsync("/v1/tenants?after=zzz")).Text.ShouldBe("""{"tenants":[],"next":null}""");
    }

    [Theory]
    [InlineData("?limit=0", "invalid_field", "limit")]
    [InlineData("?limit=1001", "invalid_field", "limit")]
    [InlineData("?limit=-1", "invalid_field", "limit")]
    [InlineData("?limit=1&limit=2", "duplicate_field", "limit")]
    [InlineData("?after=%20", "invalid_field", "after")]
    [InlineData("?page=2", "unknown_field", "page")]
    public async Task A_wrong_page_is_refused(string query, string code, string field)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        (await served.GetAsync("/v1/tenants" + query)).ShouldBeProblem(400, code, field);
        (await served.GetAsync(Acme + query)).ShouldBeProblem(400, code, field);
    }

    [Theory]
    [InlineData("-acme")]
    [InlineData(".acme")]
    [InlineData("a%20b")]
    [InlineData("%C3%A9")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task What_can_be_no_name_is_refused(string name)
    {
        await using var served = await Served.StartAsync("waqti");
        (await served.PutAsync($"/v1/tenants/{name}", """{"plan":"basic"}"""))
            .ShouldBeProblem(400, "invalid_field", "tenant");
        (await served.GetAsync($"/v1/tenants/{name}")).ShouldBeProblem(404, "unknown_tenant", "tenant");
    }
}
