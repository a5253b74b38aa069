using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Limiter.Http.Tests.Tenants;

public sealed class KeyCallTests
{
    private const string Acme = "/v1/tenants/acme";
    private const string Keys = Acme + "/keys";

    [Fact]
    public async Task A_rotated_key_serves_with_both_secrets_until_the_overlap_ends()
    {
        await using var server = await StartAsync();
        var first = Text(await PostAsync(server, Keys, """{"name":"ci","key":"k1","kind":"test"}"""), "secret");
        first.ShouldStartWith("lk_test_");
        var rotated = await PostAsync(server, Keys + "/k1/rotate", """{"overlapSeconds":3600}""");
        var second = Text(rotated, "secret");
        second.ShouldStartWith("lk_test_");
        (Text(rotated, "key"), Text(rotated, "overlapUntil")).ShouldBe(("k1", "2026-01-01T01:00:00Z"));
        (await StatusAsync(server, first)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, second)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await (await CheckAsync(server, first))
            .ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unknown_credential", "credential");
        (await StatusAsync(server, second)).ShouldBe(HttpStatusCode.OK);
        var read = await server.Admin.GetStringAsync(Keys + "/k1");
        read.ShouldNotContain("overlapUntil");
        read.ShouldNotContain(second);
    }

    [Fact]
    public async Task A_key_of_elsewhere_is_imported_by_its_hash_and_rotated_to_one_of_ours()
    {
        await using var server = await StartAsync();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("sk_old")));
        var made = await PostAsync(server, Keys, $$"""{"name":"old","key":"k1","sha256":"{{hash}}"}""");
        (Text(made, "kind"), made.TryGetProperty("secret", out _)).ShouldBe(("imported", false));
        (await StatusAsync(server, "sk_old")).ShouldBe(HttpStatusCode.OK);
        using var again = await server.Admin.PostAsync(
            Keys, TestServer.Json($$"""{"name":"old","sha256":"{{hash.ToLowerInvariant()}}"}"""));
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key_exists", "key");
        var rotated = await PostAsync(server, Keys + "/k1/rotate", """{"overlapSeconds":0}""");
        (await StatusAsync(server, "sk_old")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, Text(rotated, "secret"))).ShouldBe(HttpStatusCode.OK);
        Text(rotated, "kind").ShouldBe("live");
    }

    [Fact]
    public async Task A_key_ends_at_its_expiry()
    {
        await using var server = await StartAsync();
        var made = await PostAsync(server, Keys, """{"name":"ci","expiresAt":"2026-01-02T00:00:00Z"}""");
        Text(made, "expiresAt").ShouldBe("2026-01-02T00:00:00Z");
        var secret = Text(made, "secret");
        (await StatusAsync(server, secret)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromDays(1));
        (await StatusAsync(server, secret)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_misspelt_credential_has_a_problem_of_its_own()
    {
        await using var server = await StartAsync();
        var secret = Text(await PostAsync(server, Keys, """{"name":"ci"}"""), "secret");
        await (await CheckAsync(server, secret[..^1] + (secret[^1] == 'a' ? 'b' : 'a')))
            .ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "misspelt_credential", "credential");
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_with_their_last_day_of_use_and_no_secret()
    {
        await using var server = await StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
            await PostAsync(server, Keys, $$"""{"name":"ci","key":"{{name}}"}""");
        await server.Gateway.PostAsync(
            "/v1/check", TestServer.Json("""{"tenant":"acme","key":"b","method":"GET","path":"/"}"""));
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        var first = await TestServer.ReadAsync(await server.Admin.GetAsync(Keys + "?limit=2"));
        first.GetProperty("keys").GetArrayLength().ShouldBe(2);
        first.GetProperty("keys")[0].TryGetProperty("lastUsed", out _).ShouldBeFalse();
        Text(first.GetProperty("keys")[1], "lastUsed").ShouldBe("2026-01-01");
        var last = await TestServer.ReadAsync(await server.Admin.GetAsync($"{Keys}?after={Text(first, "next")}"));
        last.GetRawText().ShouldBe(
            """{"keys":[{"key":"c","name":"ci","kind":"live","createdAt":"2026-01-01T00:00:00Z"}],"next":null}""");
        await (await server.Admin.GetAsync("/v1/tenants/nobody/keys"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
        await (await server.Admin.GetAsync(Keys + "/none"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_key", "key");
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"prod"}""", "invalid_field", "kind")]
    [InlineData("""{"name":"x","sha256":"zz"}""", "invalid_field", "sha256")]
    [InlineData("""{"name":"x","expiresAt":"2025-01-01T00:00:00Z"}""", "invalid_field", "expiresAt")]
    [InlineData("""{"name":"x","expiresAt":"2036-01-15T00:00:00Z"}""", "invalid_field", "expiresAt")]
    [InlineData("""{"name":"x","secret":"mine"}""", "unknown_field", "secret")]
    [InlineData(
        """{"name":"x","kind":"live","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}""",
        "conflicting_fields", "kind")]
    public async Task A_bad_key_is_refused_with_the_field_at_fault(string body, string code, string field)
    {
        await using var server = await StartAsync();
        using var response = await server.Admin.PostAsync(Keys, TestServer.Json(body));
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code, field);
    }

    [Theory]
    [InlineData("k1", "{}", HttpStatusCode.BadRequest, "missing_field", "overlapSeconds")]
    [InlineData("k1", """{"overlapSeconds":2592001}""", HttpStatusCode.BadRequest, "invalid_field", "overlapSeconds")]
    [InlineData("k9", """{"overlapSeconds":0}""", HttpStatusCode.NotFound, "unknown_key", "key")]
    public async Task A_bad_rotation_is_refused(
        string key, string body, HttpStatusCode status, string code, string field)
    {
        await using var server = await StartAsync();
        await PostAsync(server, Keys, """{"name":"ci","key":"k1"}""");
        using var response = await server.Admin.PostAsync($"{Keys}/{key}/rotate", TestServer.Json(body));
        await response.ShouldBeProblemAsync(status, code, field);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        (await server.Admin.PutAsync(Acme, TestServer.Json("""{"plan":"basic"}"""))).EnsureSuccessStatusCode();
        return server;
    }

    private static async Task<JsonElement> PostAsync(TestServer server, string path, string body)
    {
        var response = await server.Admin.PostAsync(path, TestServer.Json(body));
        response.EnsureSuccessStatusCode();
        return await TestServer.ReadAsync(response);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string secret)
    {
        using var response = await CheckAsync(server, secret);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> CheckAsync(TestServer server, string secret) => server.Gateway.PostAsync(
        "/v1/check", TestServer.Json($$"""{"credential":"{{secret}}","method":"GET","path":"/"}"""));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
