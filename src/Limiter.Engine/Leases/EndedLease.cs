using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>A lease that is over for this edge, until the bucket has booked its last report.</summary>
internal sealed record EndedLease(LeaseReport Report)
{
    public static EndedLease From(long opened, Terms terms, LeasedLimit[] limits)
    {
        var used = new List<LimitReport>();
        for (var i = 0; i < limits.Length; i++)
        {
            if (!limits[i].HasReport) continue;
            used.Add(new LimitReport(terms.Limits[i].Rule.Id, limits[i].Spent.ToReport(), limits[i].Returned));
        }
        return new EndedLease(new LeaseReport(opened, [.. used]));
    }
}
