using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class DenialTests
{
    private static readonly Terms Ten = Make.Terms(Make.Fixed(), 10);

    [Fact]
    public void A_denial_that_was_told_nothing_leaves_nothing_to_save()
    {
        var (_, full) = Bucket.Reserve(null, Make.Ask(Ten, 1, 1, 0, 0, Make.Want(10)), Make.At(0));

        var (reply, after) = Bucket.Reserve(full, Make.Ask(Ten, 2, 1, 0, 0, Make.Want(1)), Make.At(1));

        reply.Outcome.ShouldBe(ReserveOutcome.Denied);
        after.ShouldBeSameAs(full);
    }

    [Fact]
    public void A_denial_that_acknowledges_a_grant_is_saved()
    {
        var (_, full) = Bucket.Reserve(null, Make.Ask(Ten, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));

        var (reply, after) = Bucket.Reserve(full, Make.Ask(Ten, 1, 2, 1, 30_000, Make.Want(1)), Make.At(1));

        reply.Outcome.ShouldBe(ReserveOutcome.Denied);
        after.ShouldNotBeSameAs(full);
        Make.FreeAt(after, Ten, Make.At(1)).ShouldBe(0);
    }

    [Fact]
    public void After_an_unsaved_denial_a_lease_goes_on_and_its_report_is_booked_once()
    {
        var (granted, state) = Bucket.Reserve(null, Make.Ask(Ten, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(Ten, 1, 2, 1, 30_000), Make.At(1));
        var (denied, same) = Bucket.Reserve(state, Make.Ask(Ten, 1, 3, 2, 30_000, Make.Want(1)), Make.At(2));
        denied.Outcome.ShouldBe(ReserveOutcome.Denied);
        same.ShouldBeSameAs(state);

        var report = Make.Report(granted.Opened, [new Spend(Make.At(2), 4)], returned: 6);
        var (_, settled) = Bucket.Reserve(same, Make.Ask(Ten, 1, 4, 3, 0) with { Reports = [report] }, Make.At(3));
        // The reply was lost: the report comes again, counted from the same reply.
        (_, settled) = Bucket.Reserve(settled, Make.Ask(Ten, 1, 5, 3, 0) with { Reports = [report] }, Make.At(4));

        Make.FreeAt(settled, Ten, Make.At(5)).ShouldBe(6);
    }
}
