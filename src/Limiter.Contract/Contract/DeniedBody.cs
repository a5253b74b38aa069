using System.Buffers;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Http.Contract;

/// <summary>The policy's own body of a 429.</summary>
internal static class DeniedBody
{
    public static void Write(Decision decision, BodyTemplate denied, IBufferWriter<byte> destination)
    {
        var contract = decision.Policy!.Response;
        var place = DescribedLimit.RefusesLongest(decision);
        var template = place >= 0 && contract.DeniedBy.TryGetValue(decision.Limits[place].Limit.Index, out var own)
            ? own
            : denied;
        template.Write(destination, Values(decision, contract, place));
    }

    /// <param name="decision">A denial.</param>
    /// <param name="contract">Its policy's.</param>
    /// <param name="place">The limit that the body speaks of: the one that refuses longest; -1 for none.</param>
    private static BodyValues Values(Decision decision, ResponseContract contract, int place)
    {
        var status = place < 0 ? default : decision.Limits[place];
        return new BodyValues
        {
            RetryAfterSeconds = decision.RetryAfterSeconds,
            Limit = status.Number,
            Remaining = place < 0 ? 0 : LimitHeaders.RemainingOf(decision, contract, status),
            LimitName = place < 0 ? null : status.Limit.Name,
            Cost = decision.Cost,
            ResetUnixSeconds = LimitHeaders.ResetSeconds(decision, status),
            Timestamp = decision.At,
            RequestId = RequestIds.Next(),
            WindowSeconds = place < 0 ? 0 : WindowLength.Seconds(status.Limit.Rule, decision.At),
        };
    }
}
