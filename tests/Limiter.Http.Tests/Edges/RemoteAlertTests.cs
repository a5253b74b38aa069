using Limiter.Domain.Alerts;
using Limiter.Domain.Escrow;
using Limiter.Http.Alerts;

namespace Limiter.Http.Tests.Edges;

/// <summary>What edges in other processes use up is told to their tenants by the server that serves them.</summary>
public sealed class RemoteAlertTests
{
    private static readonly AlertingOptions Usual = new()
    {
        Otherwise = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault },
    };

    [Fact]
    public async Task What_an_edge_elsewhere_uses_up_is_told_once()
    {
        await using var server = await TestServer.StartAsync(alerts: Usual);
        await server.RegisterAsync();
        var remote = new RemoteAsk(server, Policies.Shipped("waqti"));
        var opened = (await remote.SendAsync(remote.Want(1, 50, 50))).Reply!.Opened;
        (await ToldAsync(server)).ShouldBeEmpty();

        var spent = new LeaseReport(opened, [new LimitReport(
            RemoteAsk.Limit("minute"), [new Spend(remote.Now, 50)], 0)]);
        await remote.SendAsync(remote.Want(2, 1, 1) with { Reports = [spent] });
        (await ToldAsync(server)).ShouldBe(["threshold minute"]);

        (await remote.SendAsync(remote.Want(3, 20, 20))).Reply!.Outcome.ShouldBe(ReserveOutcome.Denied);
        (await remote.SendAsync(remote.Want(4, 20, 20))).Reply!.Outcome.ShouldBe(ReserveOutcome.Denied);
        (await ToldAsync(server)).ShouldBe(["exceeded minute", "threshold minute"]);
    }

    private static async Task<string[]> ToldAsync(TestServer server)
    {
        using var moved = await server.Anyone.PutAsync("/dev/clock", TestServer.Json("""{"advanceSeconds":2}"""));
        moved.EnsureSuccessStatusCode();
        using var answer = await server.Admin.GetAsync("/v1/tenants/acme/alerts/sent");
        return [.. (await TestServer.ReadAsync(answer)).GetProperty("items").EnumerateArray()
            .Select(one => $"{one.GetProperty("kind").GetString()} {one.GetProperty("limit").GetString()}").Order()];
    }
}
