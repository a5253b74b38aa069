using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// What a change of the terms does to an account that goes on.
internal sealed partial class LeaseBook
{
    /// <summary>Takes over newer terms; everything held goes back, since it was granted under the old ones.</summary>
    public void Adopt(Terms terms)
    {
        Recall();
        if (!Terms.HasLayoutOf(terms))
        {
            End();
            var limits = new LeasedLimit[terms.Limits.Length];
            // What was admitted without a grant stays owed, wherever the limit stands now.
            for (var i = 0; i < limits.Length; i++)
                if (Terms.PositionOf(terms.Limits[i].Rule.Id) is >= 0 and var old) limits[i].Owed = _limits[old].Owed;
            (_limits, _told) = (limits, null);
            // Nothing was heard of these limits yet.
            Distrust();
        }
        Terms = terms;
    }
}
