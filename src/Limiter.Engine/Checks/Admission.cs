using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

/// <summary>
/// Decides a request that needs tokens of several buckets: all or nothing. Tokens are set aside bucket by bucket and
/// spent together; a denial by one puts the others' back. What a bucket with too many edges spent at once is corrected
/// to nothing.
/// </summary>
internal static class Admission
{
    /// <summary>Most rounds of setting tokens aside, when leases end in between.</summary>
    private const int RoundsMax = 3;

    /// <summary>
    /// Answers from the leases held, under all their locks at once; false: the buckets have to be asked.
    /// </summary>
    public static bool TryDecide(ref Touched touched, int count, Decision decision, in EdgeTime now)
    {
        var entered = 0;
        var spentAt = Instant.Never;
        try
        {
            for (; entered < count; entered++) touched[entered].Holder.Enter();
            for (var i = 0; i < count; i++)
                if (!touched[i].Holder.Covers_NeedsLock(touched[i].Demand, now)) return false;
            for (var i = 0; i < count; i++)
                spentAt = Instant.Min(spentAt, touched[i].Holder.Spend_NeedsLock(touched[i].Demand, decision, now));
        }
        finally
        {
            while (entered > 0) touched[--entered].Holder.Exit();
        }
        Allow(decision, DecisionMode.Leased, spentAt);
        return true;
    }

    /// <summary>Asks the buckets that have to be asked. False: one could not be reached.</summary>
    public static async ValueTask<WaitOutcome> DecideAsync(Touch[] touched, Decision decision, Edge edge)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            var denied = Instant.MinValue;
            decision.ClearLimits();
            var outcomes = new WaitOutcome[touched.Length];
            Array.Fill(outcomes, WaitOutcome.Unreachable);
            // Of those that spent at once, their times.
            var spentAt = new Instant[touched.Length];
            foreach (var i in LendersFirst(touched, edge.Now()))
            {
                if (denied != Instant.MinValue && touched[i].Holder.SpendsAtOnce)
                {
                    await LookAsync(touched[i], decision, edge).ConfigureAwait(false);
                    continue;
                }
                outcomes[i] = await touched[i].Holder
                    .WaitAsync(touched[i].Demand, decision, setAside: true, edge.Now()).ConfigureAwait(false);
                if (outcomes[i] == WaitOutcome.GrantedExactly) spentAt[i] = decision.SpentAt;
                if (outcomes[i] == WaitOutcome.Denied) denied = Instant.Max(denied, decision.RetryAt);
                if (outcomes[i] is WaitOutcome.Granted or WaitOutcome.GrantedExactly or WaitOutcome.Denied) continue;
                await ReleaseAsync(touched, outcomes, spentAt, edge).ConfigureAwait(false);
                return outcomes[i];
            }
            if (denied != Instant.MinValue)
            {
                await ReleaseAsync(touched, outcomes, spentAt, edge).ConfigureAwait(false);
                Deny(touched, outcomes, decision, denied, edge.Now());
                return WaitOutcome.Denied;
            }
            if (TryCommit(touched, outcomes, spentAt, decision, edge.Now())) return WaitOutcome.Granted;
            await ReleaseAsync(touched, outcomes, spentAt, edge).ConfigureAwait(false);
        }
        return WaitOutcome.Unreachable;
    }

    // What a bucket spends at once has to be given back when another denies: it is asked last, and of several first
    // the one that is known to deny.
    private static int[] LendersFirst(Touch[] touched, in EdgeTime now)
    {
        var order = new int[touched.Length];
        var ranks = new int[touched.Length];
        for (var i = 0; i < touched.Length; i++)
        {
            ranks[i] = !touched[i].Holder.SpendsAtOnce ? 0 : touched[i].Holder.Denies(touched[i].Demand, now) ? 1 : 2;
            order[i] = i;
        }
        // Keeps the order of equals, as their few are put where they belong one after the other.
        for (var i = 1; i < order.Length; i++)
            for (var at = i; at > 0 && ranks[order[at]] < ranks[order[at - 1]]; at--)
                (order[at], order[at - 1]) = (order[at - 1], order[at]);
        return order;
    }

    // The request is denied, and told how this limit stands as well.
    private static async ValueTask LookAsync(Touch touch, Decision decision, Edge edge) =>
        await touch.Holder.WaitAsync(touch.Demand with { Cost = 0 }, decision, setAside: false, edge.Now())
            .ConfigureAwait(false);

    private static bool TryCommit(
        Touch[] touched, WaitOutcome[] outcomes, Instant[] spentAt, Decision decision, in EdgeTime now)
    {
        var entered = 0;
        try
        {
            for (; entered < touched.Length; entered++) touched[entered].Holder.Enter();
            for (var i = 0; i < touched.Length; i++)
                if (outcomes[i] == WaitOutcome.Granted
                    && !touched[i].Holder.CanCommit_NeedsLock(touched[i].Demand, now))
                    return false;
            for (var i = 0; i < touched.Length; i++)
                if (outcomes[i] == WaitOutcome.Granted)
                    spentAt[i] = touched[i].Holder.Commit_NeedsLock(touched[i].Demand, decision, now);
        }
        finally
        {
            while (entered > 0) touched[--entered].Holder.Exit();
        }
        Allow(decision, DecisionMode.Exact, spentAt.Min());
        return true;
    }

    private static async ValueTask ReleaseAsync(
        Touch[] touched, WaitOutcome[] outcomes, Instant[] spentAt, Edge edge)
    {
        for (var i = 0; i < touched.Length; i++)
            if (outcomes[i] == WaitOutcome.Granted) touched[i].Holder.Release(touched[i].Demand);
            else if (outcomes[i] == WaitOutcome.GrantedExactly)
                await GiveBackAsync(touched[i], spentAt[i], edge).ConfigureAwait(false);
    }

    // Once: where that has no answer, or cannot be taken in, the tokens stay charged, which errs against admission.
    private static async ValueTask GiveBackAsync(Touch touch, Instant spentAt, Edge edge)
    {
        try
        {
            var outcome = await Correction
                .ApplyAsync(edge, touch, RandomIds.Next(), spentAt, 0, CancellationToken.None).ConfigureAwait(false);
            if (outcome != ChargeOutcome.Applied)
                edge.OnFailure(new BucketsUnavailableException(
                    $"Bucket {touch.Holder.Bucket} keeps what a denied request cost ({outcome})."));
        }
        catch (BucketsUnavailableException failure)
        {
            edge.OnFailure(failure);
        }
    }

    // The buckets that denied have told their limits; the others tell theirs as they stand.
    private static void Deny(
        Touch[] touched, WaitOutcome[] outcomes, Decision decision, Instant retryAt, in EdgeTime now)
    {
        for (var i = 0; i < touched.Length; i++)
            if (outcomes[i] == WaitOutcome.Granted) touched[i].Holder.Tell(touched[i].Demand, decision, now);
        decision.RetryAt = retryAt;
        decision.Outcome = retryAt == Instant.Never ? Outcome.Refused : Outcome.Denied;
        decision.Refusal = retryAt == Instant.Never ? Refusal.CostAboveLimit : Refusal.None;
    }

    // The earliest of the buckets' times: a refund that was dated later than the spending would outlast it.
    private static void Allow(Decision decision, DecisionMode mode, Instant spentAt)
    {
        decision.SpentAt = spentAt;
        decision.At = spentAt;
        decision.Mode = mode;
        decision.Outcome = Outcome.Allowed;
        decision.Refusal = Refusal.None;
        decision.RetryAt = Instant.Never;
    }
}
