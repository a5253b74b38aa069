using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Tests.Leases;

/// <summary>
/// Clocks of edges that step, and of hosts that disagree: which time of the bucket a spending has, and until when a
/// lease lasts.
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

    [Fact]
    public void A_lease_ends_by_the_clock_of_a_host_that_is_ahead()
    {
        var book = Granted(out var state);
        Look(book, state, Start + 3_000, At(1_000, 0));

        book.Lease.IsValid(_edge, At(7_999, 0)).ShouldBeTrue();
        book.LatestNow(At(7_999, 0)).ShouldBe(Start + 9_999);
        book.Lease.IsValid(_edge, At(8_000, 0)).ShouldBeFalse();
    }

    [Fact]
    public void A_host_that_shows_the_window_to_be_over_ends_the_lease_at_once()
    {
        var book = Granted(out var state);
        Look(book, state, Start + 10_000, At(9_000, 0));

        book.Covers(1, 1, At(9_002, 0)).ShouldBeFalse();
        book.End();
        book.Report().Reports.ShouldHaveSingleItem().Limits[0].Returned.ShouldBe(10);
    }

    [Fact]
    public void A_host_that_is_behind_prolongs_no_lease()
    {
        var book = Granted(out var state);
        Look(book, state, Start, At(5_000, 0));

        book.Lease.IsValid(_edge, At(9_999, 0)).ShouldBeTrue();
        book.Lease.IsValid(_edge, At(10_000, 0)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_spent_at_a_time_of_the_bucket_after_its_lease(int seed)
    {
        var random = new Random(seed);
        for (var world = 0; world < 500; world++)
        {
            var book = Granted(out var state);
            for (var time = 0L; time < 12_000; time += random.Next(1, 2_000))
            {
                // Hosts disagree by two seconds, and the wall clock steps.
                var now = At(time, random.Next(-3_000, 1_000));
                if (random.Next(3) == 0) Look(book, state, Start + Math.Max(0, time + random.Next(-2_000, 2_000)), now);
                if (book.Covers(1, 1, now)) book.LatestNow(now).ShouldBeLessThan(Start + 10_000);
            }
        }
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
