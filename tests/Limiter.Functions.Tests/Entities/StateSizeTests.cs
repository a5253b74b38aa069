using System.Collections.Immutable;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

/// <summary>A state is loaded and saved with every batch of operations, so it stays small.</summary>
public sealed class StateSizeTests
{
    [Fact]
    public async Task Waqti_with_eight_edges_takes_less_than_4_KiB()
    {
        var random = new Random(1);
        await using var edges = new Edges(Policies.Shipped("waqti"), 8, Delivery.Prompt);
        await edges.RegisterAsync("acme", "enterprise");
        var largest = 0;
        for (var round = 0; round < 300; round++)
        {
            for (var i = 0; i < 8; i++) await edges.CheckAsync(random.Next(8), "acme");
            if (round % 100 == 99) await edges.CrashAsync(random.Next(8));
            await edges.AdvanceAsync(TimeSpan.FromMilliseconds(random.Next(1_500)));
            largest = Math.Max(largest, Size(edges.Host));
        }
        TestContext.Current.SendDiagnosticMessage($"Waqti, 8 edges: {largest} bytes");
        largest.ShouldBeLessThan(4 * 1024);
    }

    [Fact]
    public async Task Twenty_limits_and_64_edges_take_less_than_48_KiB()
    {
        var clock = new ManualClock(Edges.Start.AddHours(12));
        var room = EntityRoom.Open(clock, Delivery.Prompt);
        var terms = Widest();
        var replies = new ReserveReply?[64];
        for (var round = 1; round <= 3; round++)
        {
            // The leases of the second round have ended before the third, and their reports have not come.
            if (round == 3) clock.Advance(TimeSpan.FromSeconds(31));
            for (var edge = 0; edge < replies.Length; edge++)
            {
                var request = Asks.Reserve(Id(edge), round, 4_000_000 + edge, terms) with
                {
                    LastReceived = round - 1,
                    LastGranted = round - 1,
                    LifetimeMs = 30_000,
                    Reports = round == 2 ? [Report(replies[edge]!, terms)] : [],
                };
                replies[edge] = await room.Buckets.ReserveAsync(Asks.Acme, request, default);
                replies[edge]!.Outcome.ShouldBe(ReserveOutcome.Granted);
                replies[edge]!.Exact.ShouldBeFalse();
                clock.Advance(TimeSpan.FromMilliseconds(233));
            }
            for (ulong check = 1; check <= 64; check++)
                await room.Buckets.ChargeAsync(
                    Asks.Acme, Asks.Charge(Id((int)check) + (ulong)round, replies[0]!.Now, 1, 2), default);
        }
        var size = Size(room.Host);
        TestContext.Current.SendDiagnosticMessage($"20 limits, 64 edges: {size} bytes");
        size.ShouldBeLessThan(48 * 1024);
    }

    private static int Size(EntityHost host) => host.States().Values.Sum(Encoding.UTF8.GetByteCount);

    // A third of what the lease holds is reported, in several entries.
    private static LeaseReport Report(ReserveReply reply, Terms terms) => new(reply.Opened,
    [
        .. terms.Limits.Select(limit => new LimitReport(limit.Rule.Id,
            [new Spend(reply.Now, 150_000), new Spend(reply.Now + 1_000, 150_000)], 0)),
    ]);

    private static Terms Widest()
    {
        var limits = ImmutableArray.CreateBuilder<LimitTerms>();
        limits.Add(new LimitTerms(LimitRule.Day, Schedule.Constant(Schedule.NumberMax)));
        for (var i = 0; i < 20; i++)
        {
            var id = Asks.Limit($"a-limit-whose-name-is-quite-long{(char)('a' + i)}"[^LimitId.LengthMax..]);
            LimitRule rule = (i % 3) switch
            {
                0 => LimitRule.Sliding(id, 60_000 * (i + 1)),
                1 => LimitRule.Fixed(id, 3_600_000),
                _ => LimitRule.TokenBucket(id, 60_000),
            };
            limits.Add(new LimitTerms(rule, Schedule.Constant(900_000_000)));
        }
        return new Terms(new TermsVersion(1, 1), limits.DrainToImmutable());
    }

    private static ulong Id(int edge) => 0x9E3779B97F4A7C15 ^ (ulong)edge;
}
