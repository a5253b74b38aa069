using System.Security.Cryptography;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

// Costs that are not known when a request is admitted: reserved and then committed, or told by an upstream.
public sealed partial class Checker
{
    private const string ReservationPrefix = "reservation-";

    /// <summary>Corrections that wait for their time, or to be tried again.</summary>
    internal int Waiting => _pending.Count;

    /// <summary>
    /// Corrects the cost of an admission behind the answer, once, and tries again while a bucket cannot be reached.
    /// </summary>
    /// <param name="admitted">An admission of this edge.</param>
    /// <param name="trueCost">What it should have cost, within the policy's bounds.</param>
    /// <returns>False: too many corrections wait, and it stands as it was charged.</returns>
    public bool ChargeLater(in AdmittedCheck admitted, long trueCost)
    {
        if (!_pending.TryClaim()) return false;
        _pending.AddClaimed(admitted, trueCost, _edge.Now().Wall);
        _pending.Run();
        return true;
    }

    /// <summary>Corrects the cost of an admission, once. The id's signature was checked by the caller.</summary>
    /// <param name="admitted">The admission.</param>
    /// <param name="trueCost">
    /// What it should have cost, within the policy's bounds; 0 gives a reservation back.
    /// </param>
    /// <exception cref="BucketsUnavailableException">A bucket cannot be reached; a repetition is safe.</exception>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached; a repetition is safe.</exception>
    public async ValueTask<ChargeOutcome> ChargeAsync(
        AdmittedCheck admitted, long trueCost, CancellationToken cancellation)
    {
        var outcome = await _corrections.ApplyAsync(admitted, trueCost, () => Policy, cancellation)
            .ConfigureAwait(false);
        // Whatever this edge was to do about it, the buckets have decided.
        if (outcome != ChargeOutcome.Full) _pending.Drop(admitted.CheckId);
        return outcome;
    }

    // The place is claimed first: what is admitted without one could never be given back. The journal of remembered
    // checks keeps reservations as well, so one whose caller names no id has one of its own.
    private async ValueTask ReserveAsync(Check check, Decision decision, CancellationToken cancellation)
    {
        if (!_pending.TryClaim())
        {
            decision.Clear();
            var policy = Policy;
            (decision.Policy, decision.At) = (policy.Policy, _edge.Now().Wall);
            decision.Refuse(Refusal.TooManyReservations);
            await Counted(decision, looks: false).ConfigureAwait(false);
            return;
        }
        decision.Clear();
        try
        {
            var id = check.Id ?? ReservationPrefix + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            await _remembered.DecideOnceAsync(check with { Id = id }, decision, this, cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            Hold_WithClaim(decision);
        }
    }

    private void Hold_WithClaim(Decision decision)
    {
        if (decision is { Outcome: Outcome.Allowed, ReservedUntil: { } until })
            _pending.AddClaimed(AdmittedCheck.Of(decision), 0, until);
        else _pending.Unclaim();
    }
}
