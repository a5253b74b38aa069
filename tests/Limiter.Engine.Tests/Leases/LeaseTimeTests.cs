using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Leases;

public sealed class LeaseTimeTests
{
    private readonly ManualClock _clock = new(Edges.Start.AddSeconds(55));

    private Instant Now => Instant.From(_clock.GetUtcNow());

    [Fact]
    public void A_slow_reply_that_grants_nothing_dates_no_spending_after_its_lease()
    {
        var edge = new Edge(new EdgeId(1), new InMemoryBuckets(_clock), _clock, _clock, new LeaseOptions());
        var rule = LimitRule.Fixed(Edges.Limit("minute"), 60_000);
        var terms = new Terms(new TermsVersion(1, 1), [new LimitTerms(rule, Schedule.Constant(100))]);
        var book = new LeaseBook(edge, terms);
        book.Receive(Reply(1, opened: 1, durationMs: 5_000, granted: 10), edge.Now(), edge.Now());
        var sent = edge.Now();
        _clock.Advance(TimeSpan.FromSeconds(1));
        book.Receive(Reply(2, opened: 0, durationMs: 0, granted: 0), sent, edge.Now());
        _clock.Advance(TimeSpan.FromSeconds(3.9));
        var now = edge.Now();
        book.Covers(1, 1, now).ShouldBeTrue();
        book.LatestNow(now).ShouldBeLessThan(Instant.From(Edges.Start) + 60_000);
        book.LatestNow(now).ShouldBeGreaterThanOrEqualTo(Now);
    }

    private ReserveReply Reply(long number, long opened, long durationMs, long granted) => new(
        number, ReserveOutcome.Granted, Now, new TermsVersion(1, 1), opened, durationMs, false, true, Now, 0,
        [new LimitReply(granted, new LimitOutlook { Number = 100, Free = 50, FreeAt = Now, Releases = [], At = Now })]);
}
