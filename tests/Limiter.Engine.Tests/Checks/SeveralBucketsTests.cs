using System.Net;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>A request that several buckets count: all or nothing.</summary>
public sealed class SeveralBucketsTests
{
    [Fact]
    public async Task What_one_bucket_denies_consumes_nothing_of_the_others()
    {
        await using var edges = await OfAsync(30, 10, 100);
        (await edges.AdmittedAsync(25, By("a", 1))).ShouldBe(10);
        (await edges.AdmittedAsync(25, By("b", 1))).ShouldBe(10);
        var denied = await edges.CheckAsync(By("a", 1));
        denied.Limits.ToArray().Select(status => (status.Limit.Name, status.Remaining, status.Violated)).ShouldBe(
            [("tenant", 10L, false), ("key", 0L, true), ("ip", 80L, false)]);
        (await edges.AdmittedAsync(25, By("c", 1))).ShouldBe(10);
        (await edges.CheckAsync(By("c", 2))).RetryAfterSeconds.ShouldBe(60);
    }

    [Fact]
    public async Task A_look_without_a_lease_tells_all_limits()
    {
        await using var edges = await OfAsync(30, 10, 100);
        var look = await edges.PeekAsync(By("a", 1));
        (look.Outcome, look.Limits.Length).ShouldBe((Outcome.Allowed, 3));
    }

    [Fact]
    public async Task What_a_crowded_bucket_spent_at_once_goes_back_when_another_denies()
    {
        await using var edges = await CrowdedAsync();
        (await edges.AdmittedAsync(10, By("a", 2))).ShouldBe(10);
        var before = await RemainingAsync();
        // More than it could remember to have given back one by one.
        (await edges.AdmittedAsync(ChargeRequest.RememberedMax + 100, By("a", 2))).ShouldBe(0);
        (await RemainingAsync()).ShouldBe(before);

        async Task<long> RemainingAsync() =>
            (await edges.PeekAsync(By("a", 2))).Limits.ToArray().Single(one => one.Limit.Name == "tenant").Remaining;
    }

    [Fact]
    public async Task A_crowded_bucket_is_sent_nothing_twice_since_it_would_spend_it_twice()
    {
        await using var edges = await CrowdedAsync();
        (await edges.AdmittedAsync(5, By("a", 2))).ShouldBe(5);
        var sent = 0;
        edges.Way().Choose = _ => sent++ == 0 ? Fault.LosesReply : Fault.None;
        (await edges.CheckAsync(By("a", 2))).Refusal.ShouldBe(Refusal.Unreachable);
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task Many_at_once_never_block_each_other_nor_pass_a_limit()
    {
        await using var edges = await OfAsync(400, 150, 250);
        var admitted = await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var count = new Dictionary<string, int>();
            for (var i = 0; i < 500; i++)
            {
                var (key, address) = ("abc"[(client + i) % 3].ToString(), 1 + (i % 2));
                if ((await edges.CheckAsync(By(key, address))).Outcome != Outcome.Allowed) continue;
                foreach (var what in new[] { "all", key, $"{address}" })
                    count[what] = count.GetValueOrDefault(what) + 1;
            }
            return count;
        }))).WaitAsync(TimeSpan.FromSeconds(20));
        int Sum(string what) => admitted.Sum(count => count.GetValueOrDefault(what));
        Sum("all").ShouldBeInRange(1, 400);
        foreach (var key in "abc") Sum($"{key}").ShouldBeLessThanOrEqualTo(150);
        for (var address = 1; address <= 2; address++) Sum($"{address}").ShouldBeLessThanOrEqualTo(250);
    }

    private static Check By(string key, int address) =>
        Edges.Get("acme") with { Key = key, Address = new IPAddress([192, 0, 2, (byte)address]) };

    // All but the first edge hold leases of the tenant's bucket, which knows no more.
    private static async Task<Edges> CrowdedAsync()
    {
        var edges = await OfAsync(1_000, 10, 1_000, BucketState.EdgesMax + 1);
        for (var edge = 1; edge < edges.Count; edge++) await edges.CheckAsync(By("b", 1), edge);
        return edges;
    }

    private static async Task<Edges> OfAsync(int tenant, int key, int ip, int count = 1)
    {
        var edges = new Edges(Policies.PerEverything(tenant, key, ip), count);
        await edges.SaveAsync("acme", "small");
        foreach (var name in "abc") await edges.AddKeyAsync("acme", $"{name}");
        return edges;
    }
}
