using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Escrow;

public sealed class ConservationTests
{
    [Fact]
    public void When_all_have_returned_what_they_hold_what_is_free_and_what_was_spent_make_up_the_number() =>
        Seeds.Each(300, dice =>
        {
            var day = LimitRule.Calendar(Make.Minute, CalendarPeriod.Day);
            var rule = dice.Of(Make.Fixed(3_600), Make.Sliding(3_600), day);
            var number = dice.Next(20, 400);
            var terms = Make.Terms(rule, number);
            var edges = new TestEdge[dice.Next(1, 5)];
            for (var i = 0; i < edges.Length; i++) edges[i] = new TestEdge((ulong)i + 1, terms);
            BucketState? state = null;
            var (now, spent) = (Make.Start, 0L);
            for (var i = 0; i < 120; i++)
            {
                now += dice.Next(0, 3_000);
                var edge = dice.Of(edges);
                var cost = dice.Next(1, 10);
                var want = new Want(Make.Minute, cost, cost, cost + dice.Next(0, 40));
                if (edge.TrySpend(now, [want]))
                {
                    spent += cost;
                    continue;
                }
                (var reply, state) = Bucket.Reserve(
                    state, edge.Send(now, [want], dice.Next(0, 30_000), dice.Percent(50)), now);
                if (dice.Percent(85) && edge.Receive(reply, now) is not null) spent += cost;
                // The reply to an exact decision is lost with its tokens: they count as spent.
                else if (reply.Exact) spent += cost;
            }
            now += Lease.LifetimeMsMax;
            foreach (var edge in edges)
                for (var i = 0; i < 2; i++)
                {
                    (var reply, state) = Bucket.Reserve(state, edge.Send(now, [], 0, giveBack: true), now);
                    edge.Receive(reply, now);
                }
            Make.FreeAt(state, terms, now).ShouldBe(number - spent);
        });
}
