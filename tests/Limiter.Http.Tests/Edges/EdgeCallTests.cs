using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Remotes;

namespace Limiter.Http.Tests.Edges;

/// <summary>What an edge elsewhere reads, and what it tells of usage.</summary>
public sealed class EdgeCallTests
{
    [Fact]
    public async Task A_policy_is_told_whole_and_only_once()
    {
        await using var server = await TestServer.StartAsync();
        using var first = await server.Gateway.GetAsync("/v1/policy");
        var json = await TestServer.ReadAsync(first);
        json.GetProperty("generation").GetInt64().ShouldBe(1);
        var source = Encoding.UTF8.GetBytes(json.GetProperty("source").GetString()!);
        Convert.ToHexStringLower(SHA256.HashData(source)).ShouldBe(json.GetProperty("sha256").GetString());
        Policies.Compile(source).Digest.ShouldBe(Policies.Shipped("waqti").Digest);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/policy");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await server.Gateway.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unchanged.Headers.ETag.ShouldBe(first.Headers.ETag);
        (await unchanged.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        using var other = new HttpRequestMessage(HttpMethod.Get, "/v1/policy");
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"1-0\""));
        (await server.Gateway.SendAsync(other)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_identity_is_found_by_digest_and_by_name_and_tells_no_secret()
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        (await server.Admin.PutAsync("/v1/tenants/acme/adjustments/minute", TestServer.Json(
            """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}"""))).EnsureSuccessStatusCode();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        var other = new string('0', 64);
        using var answer = await server.Gateway.PostAsync("/v1/identities", TestServer.Json(
            $$"""
            {"edge":"00000000000000a1","credentials":["{{hash}}","{{other}}"],"names":["acme","nobody","acme/nokey"]}
            """));
        var json = await TestServer.ReadAsync(answer);
        json.GetProperty("keepSeconds").GetInt32().ShouldBe(30);
        var (credentials, names) = (json.GetProperty("credentials"), json.GetProperty("names"));
        credentials.GetProperty(other).ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var nobody in new[] { "nobody", "acme/nokey" })
            names.GetProperty(nobody).ValueKind.ShouldBe(JsonValueKind.Null, nobody);
        var known = IdentityCodec.Read(credentials.GetProperty(hash));
        (known.Tenant.Id.Text, known.Tenant.Plan, known.EndsAt).ShouldBe(("acme", "basic", Instant.Never));
        known.Key.IsNone.ShouldBeFalse();
        known.Tenant.Adjustments.Values.Single().FactorPpm.ShouldBe(500_000);
        IdentityCodec.Read(names.GetProperty("acme")).Key.IsNone.ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("scraping");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(secret);
    }

    [Fact]
    public async Task Questions_who_callers_are_name_their_edge()
    {
        await using var server = await TestServer.StartAsync();
        using var nobody = await server.Gateway.PostAsync("/v1/identities", TestServer.Json("""{"names":["acme"]}"""));
        await nobody.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing_field", "edge");
    }

    [Fact]
    public async Task Rows_that_an_edge_elsewhere_counted_are_saved_once()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await server.Gateway.PostAsync("/v1/rows", Row("00000000000000a1-1", 0, 7));
            (await TestServer.ReadAsync(answer)).GetProperty("saved").GetInt32().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_copy_of_a_save_of_rows_that_comes_after_the_next_takes_nothing_back()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        foreach (var (allowed, revision) in new[] { (7, 1), (9, 2), (7, 1) })
        {
            var row = Row("00000000000000a1-1", 0, allowed, revision: revision);
            (await server.Gateway.PostAsync("/v1/rows", row)).EnsureSuccessStatusCode();
        }
        using var answer = await server.Admin.GetAsync("/v1/usage/acme?by=minute");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"allowed\":9");
    }

    [Fact]
    public async Task A_row_that_does_not_tell_its_revision_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Gateway.PostAsync("/v1/rows", TestServer.Json("""
            {"edge":"00000000000000a1","rows":{"00000000000000a1-1":{"minute":"2026-01-01T00:00:00Z","sheet":"AQAA"}}}
            """));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing_field", "revision");
    }

    [Theory]
    [InlineData("00000000000000a2-1", 0, 7)]
    [InlineData("00000000000000a1-1", 10, 7)]
    [InlineData("00000000000000a1-1", -8 * 24 * 60, 7)]
    [InlineData("00000000000000a1-1", 0, 1_000_000_000_001)]
    public async Task A_row_that_cannot_be_is_refused(string writer, int minutes, long allowed)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Gateway.PostAsync("/v1/rows", Row(writer, minutes, allowed));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "rows");
    }

    [Fact]
    public async Task A_name_that_a_spreadsheet_would_compute_is_guarded_in_csv()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        (await server.Gateway.PostAsync("/v1/rows", Row("00000000000000a1-1", 0, 7, "=1+1"))).EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/usage/acme?by=minute&split=endpoint");
        request.Headers.Accept.ParseAdd("text/csv");
        using var answer = await server.Admin.SendAsync(request);
        var csv = await answer.Content.ReadAsStringAsync();
        csv.ShouldContain(",'=1+1,");
        csv.ShouldNotContain(",=");
    }

    private static StringContent Row(
        string writer, int minutes, long allowed, string group = "standard", int revision = 1)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("k1", group, "/*"), new UsageCounts(allowed, 0, 0, 0, allowed));
        var sheet = Convert.ToBase64String(UsageCodec.Encode(sum.ToSheet()));
        var minute = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minutes)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var row = $$"""{"tenant":"acme","minute":"{{minute}}","revision":{{revision}},"sheet":"{{sheet}}"}""";
        return TestServer.Json($$"""{"edge":"00000000000000a1","rows":{"{{writer}}":{{row}} } }""");
    }
}
