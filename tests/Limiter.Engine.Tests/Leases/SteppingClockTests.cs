using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Tests.Leases;

/// <summary>
/// A wall clock that steps back and forth between two replies: which time of the bucket a spending has.
/// </summary>
public sealed class SteppingClockTests
{
    private const long StepMs = 60_000;

    private static readonly Instant Start = new(1_800_000_000_000);
    private static readonly Terms Minute = new(
        new TermsVersion(1, 1),
        [new LimitTerms(LimitRule.Fixed(Kit.Edges.Limit("minute"), 3_600_000), Schedule.Constant(100))]);

    private readonly Edge _edge = new(
        new EdgeId(1), new InMemory.InMemoryBuckets(TimeProvider.System), TimeProvider.System, TimeProvider.System,
        new LeaseOptions());

    [Fact]
    public void A_step_back_and_forth_dates_no_spending_after_its_lease()
    {
        var book = Granted(out var state);
        Look(book, state, Start + 1_000, At(1_000, -StepMs));

        book.LatestNow(At(2_000, 0)).ShouldBe(Start + 2_000);
    }

    [Fact]
    public void A_host_whose_clock_is_ahead_is_not_forgotten_over_the_step()
    {
        var book = Granted(out var state);
        Look(book, state, Start + 3_000, At(1_000, -StepMs));

        book.LatestNow(At(2_000, 0)).ShouldBe(Start + 4_000);
    }

    [Fact]
    public void A_step_forward_alone_still_ends_the_lease()
    {
        var book = Granted(out _);

        book.Lease.IsValid(_edge, At(2_000, StepMs)).ShouldBeFalse();
        book.LatestNow(At(2_000, StepMs)).ShouldBe(Start + 2_000 + StepMs);
    }

    private LeaseBook Granted(out BucketState state)
    {
        var book = new LeaseBook(_edge, Minute);
        var want = new Want(Minute.Limits[0].Rule.Id, 1, 1, 10);
        var request = new ReserveRequest(_edge.Id, 1, 0, Minute, 10_000, [], [want], []);
        (var reply, state) = Bucket.Reserve(null, request, Start);
        book.Receive(reply, At(0, 0), At(2, 0));
        book.Lease.DurationMs.ShouldBe(10_000);
        return book;
    }

    private void Look(LeaseBook book, BucketState state, Instant bucketTime, EdgeTime sent)
    {
        var request = new ReserveRequest(_edge.Id, 2, 1, Minute, 0, [], [], []);
        book.Receive(Bucket.Reserve(state, request, bucketTime).Reply, sent, sent);
    }

    private EdgeTime At(long milliseconds, long wallErrorMs) =>
        new(milliseconds * _edge.TicksPerMillisecond, Start + (milliseconds + wallErrorMs));
}
