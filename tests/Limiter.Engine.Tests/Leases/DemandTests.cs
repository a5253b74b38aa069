using Limiter.Domain.Decisions;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Leases;

public sealed class DemandTests
{
    private const int Number = 10_000;

    [Theory]
    [InlineData("calendar", "hour")]
    [InlineData("slidingWindow", "3600s")]
    public async Task A_burst_that_is_over_keeps_nothing_from_another_edge(string algorithm, string window)
    {
        await using var edges = new Edges(Hourly(algorithm, window), 2);
        await edges.SaveAsync("acme", "only");
        var admitted = 0;
        for (var i = 0; i < 100; i++)
        {
            admitted += await edges.AdmittedAsync(20, Edges.Get("acme"), edge: 0);
            admitted += await edges.AdmittedAsync(1, Edges.Get("acme"), edge: 1);
            await edges.AdvanceAsync(100);
        }

        // The first edge goes on now and then, so that its lease lives on; the other one needs all there is.
        var (wanted, denied) = (0, 0);
        while (wanted < Number * 2 && denied == 0)
        {
            admitted += await edges.AdmittedAsync(1, Edges.Get("acme"), edge: 0);
            var served = await edges.AdmittedAsync(20, Edges.Get("acme"), edge: 1);
            (wanted, denied, admitted) = (wanted + 20, 20 - served, admitted + served);
            await edges.AdvanceAsync(500);
        }

        admitted.ShouldBeInRange(Number * 99 / 100, Number);
    }

    [Fact]
    public async Task Some_requests_at_once_are_no_rate()
    {
        await using var edges = new Edges(Hourly("calendar", "hour"));
        await edges.SaveAsync("acme", "only");
        await edges.AdmittedAsync(200, Edges.Get("acme"));
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
        await edges.QuietAsync();

        // In a sixteenth of a lifetime: sixteen times as much is wished for, and a quarter.
        var other = edges.Add();
        var left = (await edges.PeekAsync(Edges.Get("acme"), other)).Limits[0].Remaining;
        left.ShouldBeGreaterThan(Number - 201 - (201 * 20));
    }

    private static Domain.Policies.Policy Hourly(string algorithm, string window) => Policies.Compile(
        $$"""
        {
          "policy": "hourly",
          "limits": { "limit": { "algorithm": "{{algorithm}}", "window": "{{window}}", "number": {{Number}} } },
          "plans": { "only": {} },
          "response": { "describe": "limit", "reset": "unix", "denied": { "error": "denied" } }
        }
        """);
}
