using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class TermsChangeTests
{
    private static readonly Schedule Ten = Schedule.Constant(10);

    [Fact]
    public void Tokens_that_are_out_when_a_limit_becomes_sliding_count_until_a_window_after_they_can_be_spent()
    {
        var (state, _) = Leased(Make.Fixed(3_600));
        var next = Make.Terms(2, (Make.Sliding(), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 2, 1, 0, 0), Make.At(1));

        Make.FreeAt(state, next, Make.At(75)).ShouldBe(0, "they may have been spent at 29.9 s");
        Make.FreeAt(state, next, Make.At(90)).ShouldBe(10);
    }

    [Fact]
    public void Tokens_that_are_out_when_a_limit_becomes_a_token_bucket_are_not_refilled_before_they_are_spent()
    {
        var (state, _) = Leased(Make.Fixed(3_600));
        var next = Make.Terms(2, (Make.Token(10), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 2, 1, 0, 0), Make.At(1));

        Make.FreeAt(state, next, Make.At(29)).ShouldBe(0);
        Make.FreeAt(state, next, Make.At(35)).ShouldBe(5);
    }

    [Fact]
    public void Tokens_that_are_out_when_a_limit_becomes_a_fixed_window_count_in_every_window_they_can_be_spent_in()
    {
        var (state, _) = Leased(Make.Fixed(3_600));
        var next = Make.Terms(2, (Make.Fixed(10), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 2, 1, 0, 0), Make.At(1));
        state = BucketCodec.Decode(BucketCodec.Encode(state));

        Make.FreeAt(state, next, Make.At(12)).ShouldBe(0);
        var denied = Make.Probe(state, next, Make.At(12), Make.Want(1));
        denied.RetryAt.ShouldBe(Make.At(30));
        Make.FreeAt(state, next, Make.At(30)).ShouldBe(10);
    }

    [Fact]
    public void A_lease_with_tokens_from_before_is_not_made_to_live_longer()
    {
        var other = (LimitRule.Sliding(Make.Other, 3_600_000), Schedule.Constant(100));
        var before = Make.Terms(1, (Make.Fixed(3_600), Ten), other);
        var (first, state) = Bucket.Reserve(
            null, Make.Ask(before, 1, 1, 0, 30_000, Make.Want(10), Make.Want(5, Make.Other)), Make.At(0));
        var next = Make.Terms(2, (Make.Fixed(10), Ten), other);

        var (reply, _) = Bucket.Reserve(
            state, Make.Ask(next, 1, 2, 1, 30_000, Make.Want(5, Make.Other)), Make.At(20));

        reply.Outcome.ShouldBe(ReserveOutcome.Granted);
        reply.Opened.ShouldBe(2);
        first.Opened.ShouldBe(1);
    }

    [Fact]
    public void A_lease_of_an_earlier_window_takes_nothing_from_what_this_one_used()
    {
        var before = Make.Terms(Make.Fixed(10), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(before, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(before, 2, 1, 0, 0, Make.Want(7)), Make.At(11));
        var next = Make.Terms(2, (Make.Fixed(20), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 2, 2, 1, 0), Make.At(12));

        Make.FreeAt(state, next, Make.At(12)).ShouldBe(0, "17 were granted in these twenty seconds");
        next = Make.Terms(3, (Make.Fixed(5), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 2, 3, 2, 0), Make.At(12));
        Make.FreeAt(state, next, Make.At(15)).ShouldBe(10);
    }

    [Fact]
    public void Another_algorithm_refunds_nothing_that_was_spent_under_the_one_before()
    {
        var before = Make.Terms(Make.Token(1), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(before, 1, 1, 0, 0, Make.Want(10)), Make.At(0));
        var next = Make.Terms(2, (Make.Fixed(3_600), Ten));
        (_, state) = Bucket.Reserve(state, Make.Ask(next, 1, 2, 1, 0, Make.Want(9)), Make.At(5));

        (_, state) = Bucket.Charge(state, new ChargeRequest(1, Make.At(0), 10, 0, [Make.Minute], next), Make.At(6));

        Make.FreeAt(state, next, Make.At(6)).ShouldBe(1);
    }

    [Fact]
    public void A_changed_limit_keeps_what_was_used()
    {
        foreach (var old in new[] { Make.Fixed(3_600), Make.Sliding(3_600), Make.Token(3_600) })
        {
            foreach (var changed in new[] { Make.Fixed(1_800), Make.Sliding(1_800), Make.Token(1_800) })
            {
                var before = Make.Terms(old, 100);
                var (_, state) = Bucket.Reserve(null, Make.Ask(before, 1, 1, 0, 0, Make.Want(60)), Make.At(0));
                var next = Make.Terms(2, (changed, Schedule.Constant(70)));
                (_, state) = Bucket.Reserve(state, Make.Ask(next, 1, 2, 1, 0), Make.At(0));

                Make.FreeAt(state, next, Make.At(0)).ShouldBe(10);
            }
        }
    }

    [Fact]
    public void A_long_window_s_use_is_no_debt_of_a_short_one()
    {
        var before = Make.Terms(Make.Sliding(3_600), 1_000);
        var (_, used) = Bucket.Reserve(null, Make.Ask(before, 1, 1, 0, 0, Make.Want(1_000)), Make.At(0));
        foreach (var rule in new[] { Make.Fixed(), Make.Token() })
        {
            var next = Make.Terms(2, (rule, Ten));
            var (_, state) = Bucket.Reserve(used, Make.Ask(next, 1, 2, 1, 0), Make.At(0));

            Make.FreeAt(state, next, Make.At(0)).ShouldBe(0);
            Make.FreeAt(state, next, Make.At(60)).ShouldBe(10);
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 13)]
    public void A_raised_number_forgives_no_more_of_an_earlier_window_than_comes_back(long returned, long free)
    {
        var before = Make.Terms(1, (Make.Fixed(), Schedule.Constant(10)));
        var after = Make.Terms(2, (Make.Fixed(), Schedule.Constant(20)));
        var (_, state) = Bucket.Reserve(null, Make.Ask(before, 1, 1, 0, 10_000, Make.Want(5)), Make.At(50));
        (_, state) = Bucket.Charge(
            state, new ChargeRequest(1, Make.At(50), 0, 15, [Make.Minute], before), Make.At(55));
        Make.FreeAt(state, after, Make.At(60)).ShouldBe(10);

        var report = Make.Report(1, [new Spend(Make.At(52), 5 - returned)], returned);
        (_, state) = Bucket.Reserve(state, Make.Ask(after, 1, 2, 1, 0) with { Reports = [report] }, Make.At(61));

        Make.FreeAt(state, after, Make.At(61)).ShouldBe(free);
    }

    [Fact]
    public void Older_terms_are_answered_by_the_newer_ones()
    {
        var newer = Make.Terms(2, (Make.Fixed(), Schedule.Constant(5)));
        var (_, state) = Bucket.Reserve(null, Make.Ask(newer, 1, 1, 0, 0, Make.Want(1)), Make.At(0));

        var (reply, after) = Bucket.Reserve(
            state, Make.Ask(Make.Terms(Make.Fixed(), 100), 2, 1, 0, 0, Make.Want(6)), Make.At(0));

        reply.Outcome.ShouldBe(ReserveOutcome.Never);
        reply.TermsVersion.ShouldBe(newer.Version);
        Make.FreeAt(after, newer, Make.At(0)).ShouldBe(4);
    }

    // Ten tokens of a fixed hour are out until 30 s.
    private static (BucketState State, ReserveReply Reply) Leased(LimitRule rule)
    {
        var terms = Make.Terms(1, (rule, Ten));
        var (reply, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));
        reply.DurationMs.ShouldBe(30_000);
        return (state, reply);
    }
}
