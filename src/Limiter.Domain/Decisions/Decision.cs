using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Decisions;

/// <summary>The closed set of outcomes.</summary>
public enum Outcome
{
    Allowed,

    /// <summary>Not now: the request passes at <see cref="Decision.RetryAt"/>, without other traffic.</summary>
    Denied,

    /// <summary>Not at all as it stands; <see cref="Decision.Refusal"/> says why.</summary>
    Refused,
}

/// <summary>How an admission or a denial was decided.</summary>
public enum DecisionMode
{
    /// <summary>By the bucket itself.</summary>
    Exact,

    /// <summary>From tokens that this edge holds already.</summary>
    Leased,

    /// <summary>The bucket could not be reached: the policy's choice.</summary>
    Degraded,
}

/// <summary>
/// What was decided about one request. A reusable buffer: its owner passes it to one check at a time and reads it
/// afterwards, so that deciding allocates nothing.
/// </summary>
public sealed class Decision
{
    private readonly LimitStatus[] _limits;
    private int _count;

    public Decision() => _limits = new LimitStatus[Policy.LimitsMax];

    private Decision(int limits) => _limits = new LimitStatus[limits];

    public Outcome Outcome { get; set; }

    public DecisionMode Mode { get; set; }

    public Refusal Refusal { get; set; }

    /// <summary>The policy that decided; null only before the first decision.</summary>
    public Policy? Policy { get; set; }

    /// <summary><c>default</c> for an anonymous caller or an unknown one.</summary>
    public TenantId Tenant { get; set; }

    /// <summary>None when the request named no key.</summary>
    public KeyId Key { get; set; }

    /// <summary>Null when the request was refused before its plan was known.</summary>
    public Plan? Plan { get; set; }

    /// <summary>Null when the request was refused before its rule was found.</summary>
    public EndpointRule? Rule { get; set; }

    public long Cost { get; set; }

    /// <summary>This edge's time of the decision.</summary>
    public Instant At { get; set; }

    /// <summary>The bucket's time of an admission: what a later correction refers to.</summary>
    public Instant SpentAt { get; set; }

    /// <summary>
    /// When denied, suspended or unreachable: the first moment to try again; <see cref="Instant.Never"/> when waiting
    /// does not help.
    /// </summary>
    public Instant RetryAt { get; set; }

    /// <summary>Random id of an admission, for a later correction.</summary>
    public ulong CheckId { get; set; }

    /// <summary>
    /// Until when the cost of an admission is only reserved, a whole second; null when it is charged for good.
    /// </summary>
    public Instant? ReservedUntil { get; set; }

    /// <summary>The canonical address of an anonymous or per-address caller; null when none was needed.</summary>
    public string? Address { get; set; }

    /// <summary>Whether a shadow limit lacked tokens for the request.</summary>
    public bool IsShadowed { get; private set; }

    /// <summary>The limits that counted the request, shadow limits included, in the policy's order.</summary>
    public ReadOnlySpan<LimitStatus> Limits => _limits.AsSpan(0, _count);

    /// <summary>Whole seconds until <see cref="RetryAt"/>, rounded up, at least 1.</summary>
    public long RetryAfterSeconds => Math.Max(1, Ceiling.Divide(RetryAt - At, 1000));

    public void Clear()
    {
        Outcome = default;
        Mode = default;
        Refusal = default;
        Policy = null;
        Tenant = default;
        Key = default;
        Plan = null;
        Rule = null;
        Cost = 0;
        At = default;
        SpentAt = default;
        RetryAt = Instant.Never;
        CheckId = 0;
        ReservedUntil = null;
        Address = null;
        ClearLimits();
    }

    public void ClearLimits() => (_count, IsShadowed) = (0, false);

    public void Refuse(Refusal refusal)
    {
        Outcome = Outcome.Refused;
        Refusal = refusal;
    }

    /// <summary>A copy that takes no more room than it needs.</summary>
    public Decision Snapshot()
    {
        var copy = new Decision(_count);
        copy.CopyFrom(this);
        return copy;
    }

    public void CopyFrom(Decision other)
    {
        Outcome = other.Outcome;
        Mode = other.Mode;
        Refusal = other.Refusal;
        Policy = other.Policy;
        Tenant = other.Tenant;
        Key = other.Key;
        Plan = other.Plan;
        Rule = other.Rule;
        Cost = other.Cost;
        At = other.At;
        SpentAt = other.SpentAt;
        RetryAt = other.RetryAt;
        CheckId = other.CheckId;
        ReservedUntil = other.ReservedUntil;
        Address = other.Address;
        other.Limits.CopyTo(_limits);
        (_count, IsShadowed) = (other._count, other.IsShadowed);
    }

    /// <summary>Adds a status in its place by <see cref="LimitDefinition.Index"/>.</summary>
    public void Add(in LimitStatus status)
    {
        var at = _count++;
        while (at > 0 && _limits[at - 1].Limit.Index > status.Limit.Index)
        {
            _limits[at] = _limits[at - 1];
            at--;
        }
        _limits[at] = status;
        IsShadowed |= status.WouldDeny;
    }
}
