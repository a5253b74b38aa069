using System.Net;
using System.Text.Json;

namespace Limiter.Http.Tests.Checks;

/// <summary>Reservations over HTTP, with the points policy: 100 a minute, 1 to 10 a request.</summary>
public sealed class ReserveCallTests
{
    [Fact]
    public async Task A_reservation_is_committed_with_its_true_cost_once()
    {
        await using var server = await PointsAsync();
        var check = await ReserveAsync(server);
        check.GetProperty("reservedUntil").GetString().ShouldBe("2026-01-01T00:00:30Z");
        (await LeftAsync(server)).ShouldBe(90);
        for (var again = 0; again < 2; again++)
        {
            var charged = await TestServer.ReadAsync(await ChargeAsync(server, check, 4));
            charged.GetProperty("charged").GetInt64().ShouldBe(-6);
            (await LeftAsync(server)).ShouldBe(96);
        }
        using var other = await ChargeAsync(server, check, 5);
        await other.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already_charged", "cost");
        using var release = await ChargeAsync(server, check, 0);
        await release.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already_charged", "cost");
        await AdvanceAsync(server, 31);
        (await LeftAsync(server)).ShouldBe(96);
    }

    [Fact]
    public async Task A_reservation_is_given_back_with_a_cost_of_0()
    {
        await using var server = await PointsAsync();
        var check = await ReserveAsync(server);
        var released = await TestServer.ReadAsync(await ChargeAsync(server, check, 0));
        released.GetProperty("charged").GetInt64().ShouldBe(-10);
        (await LeftAsync(server)).ShouldBe(100);
        using var late = await ChargeAsync(server, check, 7);
        await late.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already_charged", "cost");
    }

    [Fact]
    public async Task A_commit_that_comes_too_late_is_refused_and_what_was_reserved_is_free()
    {
        await using var server = await PointsAsync();
        var check = await ReserveAsync(server);
        await AdvanceAsync(server, 29);
        (await LeftAsync(server)).ShouldBe(90);
        await AdvanceAsync(server, 1);
        (await LeftAsync(server)).ShouldBe(100);
        using var late = await ChargeAsync(server, check, 4);
        await late.ShouldBeProblemAsync(HttpStatusCode.Gone, "reservation_ended", "checkId");
        (await ChargeAsync(server, check, 0)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await LeftAsync(server)).ShouldBe(100);
    }

    [Fact]
    public async Task A_commit_in_time_that_is_repeated_too_late_is_answered_like_the_first()
    {
        await using var server = await PointsAsync();
        var check = await ReserveAsync(server);
        (await ChargeAsync(server, check, 4)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await AdvanceAsync(server, 31);
        var repeated = await TestServer.ReadAsync(await ChargeAsync(server, check, 4));
        repeated.GetProperty("charged").GetInt64().ShouldBe(-6);
        using var other = await ChargeAsync(server, check, 5);
        await other.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already_charged", "cost");
        (await LeftAsync(server)).ShouldBe(96);
    }

    [Theory]
    [InlineData("1s", "2026-01-01T00:00:01Z")]
    [InlineData("540s", "2026-01-01T00:09:00Z")]
    [InlineData("9m", "2026-01-01T00:09:00Z")]
    public async Task A_reservation_lasts_1_second_to_9_minutes(string reserve, string until)
    {
        await using var server = await PointsAsync();
        (await ReserveAsync(server, reserve)).GetProperty("reservedUntil").GetString().ShouldBe(until);
    }

    [Theory]
    [InlineData("\"0s\"")]
    [InlineData("\"541s\"")]
    [InlineData("\"10m\"")]
    [InlineData("\"1h\"")]
    [InlineData("\"s\"")]
    [InlineData("\"\"")]
    [InlineData("\"-1s\"")]
    [InlineData("\"99999999999999999999s\"")]
    [InlineData("30")]
    public async Task Any_other_time_is_refused_and_consumes_nothing(string reserve)
    {
        await using var server = await PointsAsync();
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(
            $$"""{"tenant":"acme","method":"GET","path":"/a/1","reserve":{{reserve}}}"""));
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "reserve");
        (await LeftAsync(server)).ShouldBe(100);
    }

    [Fact]
    public async Task A_check_that_reserves_nothing_cannot_be_given_back()
    {
        await using var server = await PointsAsync();
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(
            """{"tenant":"acme","method":"GET","path":"/a/1"}"""));
        var check = await TestServer.ReadAsync(response);
        check.TryGetProperty("reservedUntil", out _).ShouldBeFalse();
        using var released = await ChargeAsync(server, check, 0);
        await released.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cost_out_of_bounds", "cost");
    }

    private static async Task<JsonElement> ReserveAsync(TestServer server, string reserve = "30s") =>
        await TestServer.ReadAsync(await server.Gateway.PostAsync("/v1/check", TestServer.Json(
            $$"""{"tenant":"acme","method":"POST","path":"/batch","reserve":"{{reserve}}"}""")));

    private static Task<HttpResponseMessage> ChargeAsync(TestServer server, JsonElement check, long cost) =>
        server.Gateway.PostAsync("/v1/charge", TestServer.Json(
            $$"""{"checkId":"{{check.GetProperty("checkId").GetString()}}","cost":{{cost}}}"""));

    private static async Task AdvanceAsync(TestServer server, int seconds) =>
        (await server.Admin.PutAsync("/dev/clock", TestServer.Json($$"""{"advanceSeconds":{{seconds}}}""")))
            .EnsureSuccessStatusCode();

    private static async Task<long> LeftAsync(TestServer server) =>
        (await TestServer.ReadAsync(await server.Gateway.GetAsync("/v1/limits?tenant=acme")))
            .GetProperty("limits")[0].GetProperty("remaining").GetInt64();

    private static async Task<TestServer> PointsAsync()
    {
        var server = await TestServer.StartAsync(Policies.Shipped("points"));
        await server.RegisterAsync(plan: "build");
        return server;
    }
}
