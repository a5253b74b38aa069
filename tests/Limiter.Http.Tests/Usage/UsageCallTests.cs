using System.Net;
using System.Text.Json;

namespace Limiter.Http.Tests.Usage;

/// <summary><c>GET /v1/usage/{tenant}</c>: shapes, pages, CSV, and what it refuses.</summary>
public sealed class UsageCallTests
{
    private const string Usage = "/v1/usage/acme";

    [Fact]
    public async Task Today_is_told_by_hour_with_its_total_as_soon_as_it_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        await CheckAsync(server, 61);
        server.Clock.Advance(TimeSpan.FromMinutes(90));
        await CheckAsync(server, 2, "POST");
        var usage = await GetAsync(server, Usage);
        Text(usage, "tenant", "plan", "from", "to", "by", "split").ShouldBe(
            ["acme", "basic", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z", "hour", "none"]);
        usage.GetProperty("total").GetRawText().ShouldBe(
            """{"checks":63,"allowed":62,"denied":1,"refused":0,"degraded":0,"cost":62,"""
            + """ "deniedBy":{"minute":1},"shadowedBy":{}}""".Trim());
        var hours = Items(usage);
        hours.Select(hour => Text(hour, "start", "end")).ShouldBe(
        [
            ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"], ["2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"],
        ]);
        hours.Select(hour => hour.GetProperty("checks").GetInt64()).ShouldBe([61, 2]);
        hours.SelectMany(hour => hour.EnumerateObject().Select(member => member.Name))
            .Intersect(["charged", "group", "template", "key", "other"]).ShouldBeEmpty();
        hours[0].GetProperty("peakMinute").GetRawText()
            .ShouldBe("""{"start":"2026-01-01T00:00:00Z","checks":61}""");
        usage.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_day_that_is_closed_says_what_was_charged_and_an_open_one_does_not_know()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        await CheckAsync(server, 3);
        await MoveAsync(server, TimeSpan.FromHours(25));
        await CheckAsync(server, 1);
        var days = Items(await GetAsync(server, Usage + "?by=day&from=2026-01-01"));
        days.Select(day => day.GetProperty("closed").GetBoolean()).ShouldBe([true, false]);
        days.Select(day => day.GetProperty("charged").ValueKind).ShouldBe([JsonValueKind.Number, JsonValueKind.Null]);
        days[0].GetProperty("charged").GetInt64().ShouldBe(3);
        var month = await GetAsync(server, Usage + "?by=month");
        Items(month).ShouldHaveSingleItem().GetProperty("checks").GetInt64().ShouldBe(4);
        Text(month, "from", "to").ShouldBe(["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]);
    }

    [Theory]
    [InlineData("endpoint")]
    [InlineData("key")]
    [InlineData("none")]
    public async Task Pages_of_any_split_give_every_item_once(string split)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        foreach (var key in new[] { "k1", "k2" })
            await server.Admin.PostAsync(
                "/v1/tenants/acme/keys", TestServer.Json($$"""{"name":"x","key":"{{key}}"}"""));
        for (var minute = 0; minute < 4; minute++)
        {
            await CheckAsync(server, 1, key: "k1");
            await CheckAsync(server, 2, key: "k2");
            await CheckAsync(server, 3);
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        var whole = await GetAsync(server, $"{Usage}?by=minute&split={split}");
        var (seen, path) = (new List<string>(), $"{Usage}?by=minute&split={split}&take=1");
        for (string? after = ""; after is not null;)
        {
            var page = await GetAsync(server, after.Length == 0 ? path : $"{path}&after={after}");
            Items(page).Length.ShouldBeLessThanOrEqualTo(1);
            page.GetProperty("total").GetRawText().ShouldBe(whole.GetProperty("total").GetRawText());
            seen.AddRange(Items(page).Select(item => item.GetRawText()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        seen.ShouldBe(Items(whole).Select(item => item.GetRawText()));
        seen.Count.ShouldBe(split == "key" ? 12 : 4);
        Items(whole).Sum(item => item.GetProperty("checks").GetInt64()).ShouldBe(24);
        if (split == "key")
            Items(whole)[..3].Select(item => item.GetProperty("key").GetString()).ShouldBe(["", "k1", "k2"]);
        if (split == "endpoint") Items(whole)[0].GetProperty("group").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Items_come_as_csv_with_a_link_to_the_next_page()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            await CheckAsync(server, 61);
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        var (path, lines) = (Usage + "?by=minute&take=2", new List<string>());
        while (path is not null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/csv");
            using var response = await server.Admin.SendAsync(request);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
            var rows = (await response.Content.ReadAsStringAsync()).Split("\r\n");
            rows[^1].ShouldBe("");
            rows[0].ShouldBe("start,end,closed,checks,allowed,denied,refused,degraded,cost,deniedBy,shadowedBy,charged,"
                + "peakMinuteStart,peakMinuteChecks");
            lines.AddRange(rows[1..^1]);
            path = response.Headers.TryGetValues("Link", out var links)
                ? links.Single().Split('<', '>')[1] : null;
        }
        lines.Count.ShouldBe(3);
        lines[0].ShouldBe("2026-01-01T00:00:00Z,2026-01-01T00:01:00Z,true,61,60,1,0,0,60,minute:1,,,,");
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-13-01", "from")]
    [InlineData("from=1969-12-31", "from")]
    [InlineData("to=9999-01-01", "to")]
    [InlineData("from=2026-01-02", "from")]
    [InlineData("from=2026-01-01&to=2026-01-01", "to")]
    [InlineData("from=2026-01-02&to=2026-01-01", "to")]
    [InlineData("by=minute&from=2025-12-29&to=2026-01-01", "from")]
    [InlineData("by=hour&from=2025-09-01&to=2026-01-01", "from")]
    [InlineData("by=day&from=2023-12-31&to=2026-01-01", "from")]
    [InlineData("by=month&from=2015-12-01&to=2026-01-01", "from")]
    [InlineData("by=week", "by")]
    [InlineData("split=tenant", "split")]
    [InlineData("take=0", "take")]
    [InlineData("take=1001", "take")]
    [InlineData("after=x", "after")]
    [InlineData("after=1", "after")]
    [InlineData("by=month&after=9223372036854775807.0", "after")]
    [InlineData("by=day&after=9223372036854775807.0", "after")]
    [InlineData("by=month&after=253370764800000.0", "after")]
    public async Task A_query_that_cannot_be_answered_names_its_field(string query, string field)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        using var response = await server.Admin.GetAsync($"{Usage}?{query}");
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", field);
    }

    [Theory]
    [InlineData("minute", "2025-12-30")]
    [InlineData("hour", "2025-10-01")]
    [InlineData("day", "2024-01-01")]
    [InlineData("month", "2016-01-01")]
    public async Task The_longest_range_of_each_grain_is_answered(string by, string from)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        Items(await GetAsync(server, $"{Usage}?by={by}&from={from}&to=2026-01-01")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_removed_tenant_s_usage_is_told_and_one_that_never_was_is_not_found()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        await CheckAsync(server, 1);
        await server.Admin.DeleteAsync("/v1/tenants/acme");
        var usage = await GetAsync(server, Usage);
        usage.GetProperty("plan").ValueKind.ShouldBe(JsonValueKind.Null);
        usage.GetProperty("total").GetProperty("checks").GetInt64().ShouldBe(1);
        using var none = await server.Admin.GetAsync("/v1/usage/nobody");
        await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
    }

    private static async Task CheckAsync(TestServer server, int count, string method = "GET", string? key = null)
    {
        var named = key is null ? "" : $""","key":"{key}" """;
        var check = $$"""{"tenant":"acme","method":"{{method}}","path":"/contacts"{{named}}}""";
        while (count-- > 0) await server.Gateway.PostAsync("/v1/check", TestServer.Json(check));
    }

    // Over HTTP: the timers that became due have run when the answer comes.
    private static async Task MoveAsync(TestServer server, TimeSpan by) =>
        (await server.Anyone.PutAsync(
            "/dev/clock", TestServer.Json($$"""{"advanceSeconds":{{(long)by.TotalSeconds}}}""")))
        .EnsureSuccessStatusCode();

    private static async Task<JsonElement> GetAsync(TestServer server, string path) =>
        await TestServer.ReadAsync(await server.Admin.GetAsync(path));

    private static JsonElement[] Items(JsonElement usage) => [.. usage.GetProperty("items").EnumerateArray()];

    private static string?[] Text(JsonElement element, params string[] names) =>
        [.. names.Select(name => element.GetProperty(name).GetString())];
}
