using System.Net;

namespace Limiter.Contracts.Tests.Crash;

/// <summary>kill -9 in the middle of the load, several times: nothing admitted twice, nobody forgotten.</summary>
public sealed class KillTests
{
    private const int Kills = 4;
    private static readonly string[] Tenants = ["a", "b", "c"];

    [Theory]
    [InlineData("waqti", """{"plan":"basic","overrides":{"minute":"unlimited"}}""", 1, 1_000)]
    [InlineData("waqti", """{"plan":"basic","overrides":{"minute":900}}""", 1, 900)]
    [InlineData("points", """{"plan":"enterprise"}""", 3, 1_000)]
    public async Task Never_more_is_admitted_than_the_limits_allow(
        string policy, string registration, long cost, long limit)
    {
        await using var server = new CrashingServer(policy);
        await server.StartAsync();
        foreach (var tenant in Tenants) await server.RegisterAsync(tenant, registration);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await LoadUntilKilledAsync(server, registration, cost, afterAnswers: 60 * kill, $"new{kill}");
            await server.StartAsync();
            foreach (var (tenant, _) in server.Secrets)
                (await server.StatusAsync($"/v1/tenants/{tenant}")).ShouldBe(HttpStatusCode.OK);
        }
        // The leases that died with their processes have ended; what they held may be lost, never spent twice.
        await server.AdvanceAsync(35);
        foreach (var (tenant, _) in server.Secrets)
        {
            var status = HttpStatusCode.OK;
            while (status == HttpStatusCode.OK)
                status = (await server.CheckAsync(tenant, cost)).ShouldNotBeNull();
            status.ShouldBe(HttpStatusCode.TooManyRequests, tenant);
        }
        foreach (var (tenant, admitted) in server.Admitted) admitted.ShouldBeLessThanOrEqualTo(limit, tenant);
        // What no crash could touch is there to the last token.
        await server.AdvanceAsync(2 * 86_400);
        var before = server.Admitted["a"];
        while (await server.CheckAsync("a", cost) == HttpStatusCode.OK) { }
        (server.Admitted["a"] - before).ShouldBe(limit - (limit % cost));
    }

    [Fact]
    public async Task The_manual_clock_goes_on_where_the_store_has_been()
    {
        await using var server = new CrashingServer("waqti");
        await server.StartAsync();
        await server.RegisterAsync("a", """{"plan":"basic"}""");
        await server.AdvanceAsync(3_600);
        (await server.CheckAsync("a", 1)).ShouldBe(HttpStatusCode.OK);
        await server.KillAsync();
        await server.StartAsync();
        (await server.NowAsync()).ShouldBe("2026-01-01T01:00:00Z");
    }

    private static async Task LoadUntilKilledAsync(
        CrashingServer server, string registration, long cost, int afterAnswers, string newcomer)
    {
        var answers = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loads = Tenants.SelectMany(tenant => new[] { tenant, tenant }).Select(async tenant =>
        {
            while (await server.CheckAsync(tenant, cost) is not null)
                if (Interlocked.Increment(ref answers) == afterAnswers) enough.TrySetResult();
        }).ToArray();
        await server.RegisterAsync(newcomer, registration);
        await enough.Task;
        await server.KillAsync();
        await Task.WhenAll(loads);
    }
}
