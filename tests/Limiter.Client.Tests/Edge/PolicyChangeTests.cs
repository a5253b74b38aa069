using Limiter.Domain.Policies;

namespace Limiter.Client.Tests.Edge;

/// <summary>The limiter's policy changes while this process decides by it.</summary>
public sealed class PolicyChangeTests
{
    private const string Another = """
        , "hour": { "algorithm": "slidingWindow", "window": "1h", "number": 500 }
        """;

    [Fact]
    public async Task Another_policy_comes_into_force_here_without_a_request_lost()
    {
        using var folder = new TemporaryFolder();
        await using var world = await StartAsync(folder, 40);
        var admitted = await world.Api.AdmittedAsync(world.Secret, 10);
        await world.ChangeAsync(Policies.Text(80, more: Another));
        // The next reserve is answered under the new policy and tells of it.
        await RealTime.UntilAsync(async () =>
        {
            admitted += await world.Api.AdmittedAsync(world.Secret, 1);
            return world.Api.Checker.Policy.Generation == 2;
        }, "it is in force here");
        world.Api.Checker.Policy.Policy.Limits.Length.ShouldBe(2);
        admitted += await world.Api.AdmittedAsync(world.Secret, 200);
        admitted.ShouldBe(80);
    }

    [Fact]
    public async Task A_limiter_that_counts_generations_anew_is_followed()
    {
        using var folder = new TemporaryFolder();
        await using var world = await StartAsync(folder, 40);
        await world.ChangeAsync(Policies.Text(30));
        await RealTime.UntilAsync(() => world.Api.Checker.Policy.Generation == 2, "it is in force here");
        // Its store is in memory: the next process begins with 1.
        await world.Limiter.StopAsync();
        world.Limiter.Policy = Policies.Compile(Policies.Text(30));
        await world.Limiter.StartAgainAsync();
        var secret = await world.Limiter.RegisterAsync("acme", "only");
        await RealTime.UntilAsync(async () => await world.Api.AdmittedAsync(secret, 1) == 1, "it serves again");
        world.Api.Checker.Policy.Generation.ShouldBe(1);
        (await world.Api.AdmittedAsync(secret, 50)).ShouldBe(29);
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused_within_a_minute()
    {
        using var folder = new TemporaryFolder();
        await using var world = await StartAsync(folder, 1_000);
        (await world.Api.AdmittedAsync(world.Secret, 10)).ShouldBe(10);
        await world.Limiter.SendAsync(
            HttpMethod.Put, "/v1/tenants/acme", """{"suspended":true,"reason":"unpaid"}""");
        world.Limiter.Manual.Advance(TimeSpan.FromSeconds(46));
        (await world.Api.AdmittedAsync(world.Secret, 1)).ShouldBe(0);
    }

    [Fact]
    public async Task A_revoked_key_and_a_removed_tenant_are_unknown_within_a_minute_and_a_new_one_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var world = await StartAsync(folder, 1_000);
        (await world.Api.AdmittedAsync(world.Secret, 1)).ShouldBe(1);
        var other = await world.Limiter.RegisterAsync("other", "only");
        (await world.Api.AdmittedAsync(other, 1)).ShouldBe(1);
        await world.Limiter.SendAsync(HttpMethod.Delete, "/v1/tenants/other", null);
        world.Limiter.Manual.Advance(TimeSpan.FromSeconds(46));
        using var gone = await world.Api.SendAsync(other);
        ((int)gone.StatusCode).ShouldBe(401);
        (await world.Api.AdmittedAsync(world.Secret, 1)).ShouldBe(1);
    }

    private static async Task<World> StartAsync(TemporaryFolder folder, int number)
    {
        var file = folder.File("policy.json");
        await File.WriteAllTextAsync(file, Policies.Text(number));
        var limiter = await TestLimiter.StartAsync(Policies.Of(number), policyFile: file);
        var secret = await limiter.RegisterAsync("acme", "only");
        var api = await TestApi.StartAsync(
            limiter, options => options.PolicyInterval = TimeSpan.FromSeconds(1));
        return new World(limiter, api, secret, file);
    }

    private sealed record World(TestLimiter Limiter, TestApi Api, string Secret, string File) : IAsyncDisposable
    {
        public async Task ChangeAsync(string text)
        {
            await System.IO.File.WriteAllTextAsync(File, text);
            await Limiter.ReloadAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Api.DisposeAsync();
            await Limiter.DisposeAsync();
        }
    }
}
