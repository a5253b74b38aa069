using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>The body that gives a key another secret.</summary>
/// <param name="OverlapMs">How long the present secret works on.</param>
/// <param name="ExpiresAt">The key's end from now on; null: as it is.</param>
/// <param name="Reason">Why, in the operator's words.</param>
internal sealed record RotationForm(long OverlapMs, Instant? ExpiresAt, string? Reason)
{
    /// <summary>30 days: who takes longer does not rotate, but has two keys.</summary>
    public const long OverlapSecondsMax = 30L * 24 * 60 * 60;

    private const int OverlapField = 0, ExpiresField = 1;

    private static readonly FieldNames Names = new("overlapSeconds", "expiresAt", "reason");

    public static Problem? TryRead(in RequestBody body, Instant now, out RotationForm form)
    {
        form = null!;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var (overlap, expiresAt, reason) = (0L, default(Instant), "");
        if (json.Open())
            while (json.Next(Names, out var field) && field switch
            {
                OverlapField => json.Integer(Names[field], 0, OverlapSecondsMax, out overlap),
                ExpiresField => FutureTimeField.Read(
                    ref json, Names[field], now, KeyForm.ExpiryDaysMax, out expiresAt),
                _ => json.Text(Names[field], Adjustment.ReasonLengthMax, out reason),
            }) { }
        if (json.Problem is not null) return json.Problem;
        // Without a default: none is right for those who fear a leak and for those who have many clients to tell.
        if (!json.Has(OverlapField)) return InputProblem.Missing(Names[OverlapField]);
        form = new RotationForm(
            overlap * 1_000, json.Has(ExpiresField) ? expiresAt : null, reason.Length > 0 ? reason : null);
        return null;
    }
}
