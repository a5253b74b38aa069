namespace Limiter.Contracts.Tests.Admin;

public sealed class KeyTests
{
    private const string Keys = "/v1/tenants/acme/keys";

    [Fact]
    public async Task A_key_is_minted_shown_once_listed_without_its_secret_and_revoked()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var minted = await served.PostAsync(Keys, """{"name":"ci","key":"k1"}""");
        minted.Status.ShouldBe(201);
        var secret = minted.Json.GetProperty("secret").GetString()!;
        minted.Text.ShouldBe(
            "{\"key\":\"k1\",\"name\":\"ci\",\"kind\":\"live\",\"createdAt\":\"2026-01-01T00:00:00Z\","
            + $"\"secret\":\"{secret}\"}}");
        secret.ShouldMatch("^lk_live_[A-Za-z0-9]{49}$");
        minted.Header("Cache-Control").ShouldBe("no-store");
        var listed = await served.GetAsync("/v1/tenants/acme");
        listed.Text.ShouldContain("""
            "keys":[{"key":"k1","name":"ci","kind":"live","createdAt":"2026-01-01T00:00:00Z"}],"next":null}
            """);
        listed.Text.ShouldNotContain(secret);
        File.ReadAllText(served.StoreFile, System.Text.Encoding.Latin1).ShouldNotContain(secret);
        (await served.DeleteAsync(Keys + "/k1")).Status.ShouldBe(204);
        (await served.DeleteAsync(Keys + "/k1")).ShouldBeProblem(404, "unknown_key", "key");
    }

    [Fact]
    public async Task A_new_key_works_at_once_and_a_revoked_one_stops_at_once()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        for (var round = 0; round < 5; round++)
        {
            var name = $"k{round}";
            (await served.CheckAsync(Ask.Read with { Key = name })).ShouldBeProblem(404, "unknown_key", "key");
            var ask = new Ask("GET", "/") { Credential = await served.MintAsync("acme", name) };
            (await served.CheckAsync(ask)).Status.ShouldBe(200);
            (await served.CheckAsync(Ask.Read with { Key = name })).Status.ShouldBe(200);
            (await served.DeleteAsync($"{Keys}/{name}")).Status.ShouldBe(204);
            (await served.CheckAsync(ask)).ShouldBeProblem(401, "unknown_credential", "credential");
            (await served.CheckAsync(Ask.Read with { Key = name })).ShouldBeProblem(404, "unknown_key", "key");
        }
        (await served.LimitsAsync(Ask.Read)).Left("minute").ShouldBe(50);
    }

    [Fact]
    public async Task A_deleted_tenant_s_keys_stop_at_once_and_do_not_come_back_with_it()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var ask = new Ask("GET", "/") { Credential = await served.MintAsync("acme", "k1") };
        (await served.CheckAsync(ask)).Status.ShouldBe(200);
        await served.DeleteAsync("/v1/tenants/acme");
        (await served.CheckAsync(ask)).ShouldBeProblem(401, "unknown_credential", "credential");
        await served.RegisterAsync("acme", "basic");
        (await served.CheckAsync(ask)).ShouldBeProblem(401, "unknown_credential", "credential");
    }

    [Fact]
    public async Task A_key_without_a_name_of_its_own_gets_one()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var minted = await served.PostAsync(Keys, """{"name":"ci"}""");
        minted.Json.GetProperty("key").GetString()!.ShouldMatch("^k_[0-9a-f]{24}$");
    }

    [Theory]
    [InlineData("{}", 400, "missing_field", "name")]
    [InlineData("""{"name":""}""", 400, "invalid_field", "name")]
    [InlineData("""{"name":"ci","key":"a b"}""", 400, "invalid_field", "key")]
    [InlineData("""{"name":"ci","secret":"mine"}""", 400, "unknown_field", "secret")]
    [InlineData("""{"name":"ci","key":"there"}""", 409, "key_exists", "key")]
    public async Task A_wrong_key_is_refused(string body, int status, string code, string field)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.MintAsync("acme", "there");
        (await served.PostAsync(Keys, body)).ShouldBeProblem(status, code, field);
    }

    [Fact]
    public async Task A_tenant_that_is_not_there_has_no_keys()
    {
        await using var served = await Served.StartAsync("waqti");
        (await served.PostAsync(Keys, """{"name":"ci"}""")).ShouldBeProblem(404, "unknown_tenant", "tenant");
        (await served.DeleteAsync(Keys + "/k1")).ShouldBeProblem(404, "unknown_tenant", "tenant");
    }

    [Fact]
    public async Task Keys_are_listed_in_pages()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        foreach (var name in new[] { "c", "a", "b" }) await served.MintAsync("acme", name);
        var first = (await served.GetAsync("/v1/tenants/acme?limit=2")).Json;
        first.GetProperty("keys").GetArrayLength().ShouldBe(2);
        first.GetProperty("next").GetString().ShouldBe("b");
        var last = (await served.GetAsync("/v1/tenants/acme?limit=2&after=b")).Json;
        last.GetProperty("keys")[0].GetProperty("key").GetString().ShouldBe("c");
        last.GetProperty("next").GetString().ShouldBeNull();
    }
}
