using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Leases;

/// <summary>Leases that nobody uses go back; a process that ends leaves nothing behind.</summary>
public sealed class IdleTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Fact]
    public async Task An_idle_bucket_leaves_memory_and_what_was_unspent_is_back()
    {
        await using var edges = new Edges(Policies.TenAMinute(algorithm: "slidingWindow"), 2);
        for (var i = 0; i < 50; i++)
        {
            await edges.SaveAsync($"t{i}", "big");
            await edges.AdmittedAsync(3, Edges.Get($"t{i}"));
        }
        edges[0].BucketsInUse.ShouldBe(50);
        await edges.AdvanceAsync(40_000);
        edges[0].BucketsInUse.ShouldBe(0);
        for (var i = 0; i < 50; i++)
            (await edges.CheckAsync(Edges.Get($"t{i}"), 1)).Limits[0].Remaining.ShouldBe(996);
    }

    [Fact]
    public async Task A_bucket_that_left_is_taken_up_again()
    {
        await using var edges = new Edges(Policies.TenAMinute(algorithm: "slidingWindow"));
        await edges.SaveAsync("acme", "small");
        for (var i = 0; i < 4; i++)
        {
            (await edges.AdmittedAsync(1, Acme)).ShouldBe(1);
            await edges.AdvanceAsync(31_000);
            edges[0].BucketsInUse.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_bucket_that_is_taken_up_again_is_told_that_all_earlier_answers_came()
    {
        await using var edges = new Edges(Policies.TenAMinute(algorithm: "slidingWindow"));
        await edges.SaveAsync("acme", "small");
        await edges.AdmittedAsync(1, Acme);
        await edges.AdvanceAsync(31_000);
        edges[0].BucketsInUse.ShouldBe(0);
        var last = edges.Way().Last!.Number;

        await edges.AdmittedAsync(1, Acme);

        edges.Way().Last!.LastReceived.ShouldBe(last);
        edges.Way().Last!.LastGranted.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_lost_reply_a_request_that_only_tells_of_it_is_one_that_is_saved()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        edges.Way().Fault = Fault.LosesReply;
        await edges.CheckAsync(Acme);
        edges.Way().Fault = Fault.None;

        await edges.AdvanceAsync(15_000);

        edges.Way().Calls.ShouldBe(2);
        edges.Way().Last!.Wants.ShouldHaveSingleItem().Like.ShouldBe(0, "a host that was replaced cannot save");
    }

    [Fact]
    public async Task A_reply_to_one_who_only_looks_is_not_told_to_have_granted()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        await edges.AdmittedAsync(1, Acme);
        var granted = edges.Way().Last!.Number;
        await edges.PeekAsync(Acme);
        var looked = edges.Way().Last!.Number;

        await edges.AdmittedAsync(1, Acme);

        looked.ShouldBeGreaterThan(granted);
        edges.Way().Last!.LastReceived.ShouldBe(looked);
        edges.Way().Last!.LastGranted.ShouldBe(granted, "a look is not saved: before it, a grant may have been lost");
    }

    [Fact]
    public async Task Closing_leaves_to_others_all_that_was_unspent()
    {
        await using var edges = new Edges(Policies.TenAMinute(), 2);
        await edges.SaveAsync("acme", "big");
        await edges.AdmittedAsync(100, Acme);
        await edges[0].CloseAsync(default);
        (await edges.AdmittedAsync(1_000, Acme, 1)).ShouldBe(900);
    }

    [Fact]
    public async Task Closing_waits_for_what_is_under_way()
    {
        await using var edges = new Edges(Policies.TenAMinute(), 2);
        await edges.SaveAsync("acme", "big");
        await edges.AdmittedAsync(1, Acme);
        edges.Way().Hold();
        var waiting = edges.CheckAsync(Edges.Get("acme", cost: 100));
        await edges.Way().Arrived;
        var closing = edges[0].CloseAsync(default).AsTask();
        closing.IsCompleted.ShouldBeFalse();
        edges.Way().Release();
        await closing;
        (await waiting).Outcome.ShouldBe(Outcome.Allowed);
        (await edges.AdmittedAsync(1_000, Acme, 1)).ShouldBe(899);
    }

    [Fact]
    public async Task Closing_ends_though_the_buckets_are_out_of_reach()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        await edges.AdmittedAsync(20, Acme);
        await edges.QuietAsync();
        edges.Way().Fault = Fault.Fails;
        await edges[0].CloseAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Retiring_and_new_checks_race_without_harm()
    {
        const int Tenants = 40;
        const int Number = 500;
        await using var edges = new Edges(
            Policies.Compile(
                $$"""
                {
                  "policy": "race",
                  "limits": { "day": { "algorithm": "calendar", "window": "day", "number": {{Number}} } },
                  "plans": { "only": {} },
                  "response": { "describe": "day", "reset": "unix", "denied": { "error": "denied" } }
                }
                """),
            2, new LeaseOptions { LifetimeMs = 5, WaitLimit = TimeSpan.FromSeconds(30) });
        for (var i = 0; i < Tenants; i++) await edges.SaveAsync($"t{i}", "only");
        var admitted = new long[Tenants];
        var decided = 0;
        using var ended = new CancellationTokenSource();
        // Threads of their own: those of the pool are for what the edges do in the background.
        var clients = Enumerable.Range(0, 8).Select(client => Task.Factory.StartNew(() =>
        {
            var random = new Random(client);
            var decision = new Decision();
            while (!ended.IsCancellationRequested)
            {
                var tenant = random.Next(Tenants);
                edges[client % 2].CheckAsync(Edges.Get($"t{tenant}"), decision, default).AsTask()
                    .Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
                if (decision.Outcome == Outcome.Allowed) Interlocked.Increment(ref admitted[tenant]);
                decision.Refusal.ShouldBe(Refusal.None);
                Interlocked.Increment(ref decided);
            }
        }, TaskCreationOptions.LongRunning)).ToArray();
        // By the second, so that holders come and go all the while, but not into the next day.
        var end = Edges.Start.AddHours(23);
        for (var i = 0; Volatile.Read(ref decided) < 60_000; i++)
        {
            var leaps = i % 3 == 0 && edges.Clock.GetUtcNow() < end;
            if (edges.Clock.GetUtcNow() < end.AddMinutes(30))
                edges.Clock.Advance(TimeSpan.FromMilliseconds(leaps ? 1_000 : 1));
            await Task.Yield();
        }
        await ended.CancelAsync();
        await Task.WhenAll(clients);
        admitted.Max().ShouldBeLessThanOrEqualTo(Number);
        admitted.Sum().ShouldBeGreaterThan(Tenants);
        await edges.AdvanceAsync(70_000);
        edges[0].BucketsInUse.ShouldBe(0);
        edges.Failures.ShouldBeEmpty();
    }
}
