using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>The body of an adjustment: a factor or a number, until a time, with a reason.</summary>
internal static class AdjustmentForm
{
    /// <summary>Furthest end, in days from now.</summary>
    public const int DaysMax = 366;

    private const int FactorField = 0, LimitField = 1, UntilField = 2, ReasonField = 3;
    private const decimal FactorMax = Adjustment.FactorPpmMax / 1_000_000m;
    private const string FactorRule = "a number from 0 to 1000 with at most 6 decimals";

    private static readonly FieldNames Names = new("factor", "limit", "until", "reason");

    public static Problem? TryRead(in RequestBody body, Instant now, out Adjustment adjustment)
    {
        adjustment = null!;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        decimal factor = 0;
        long number = 0;
        var (until, reason) = (default(Instant), "");
        if (json.Open())
            while (json.Next(Names, out var field) && field switch
            {
                FactorField => ReadFactor(ref json, out factor),
                LimitField => json.Integer(Names[field], 0, Schedule.NumberMax, out number),
                UntilField => FutureTimeField.Read(ref json, Names[field], now, DaysMax, out until),
                _ => json.Text(Names[field], Adjustment.ReasonLengthMax, out reason),
            }) { }
        if (json.Problem is not null) return json.Problem;
        var (byFactor, byNumber) = (json.Has(FactorField), json.Has(LimitField));
        if (byFactor && byNumber)
            return InputProblem.Conflicting(Names[LimitField], "Give a factor or a limit, not both.");
        if (!byFactor && !byNumber) return InputProblem.Missing(Names[FactorField]);
        if (!json.Has(UntilField)) return InputProblem.Missing(Names[UntilField]);
        if (!json.Has(ReasonField)) return InputProblem.Missing(Names[ReasonField]);
        adjustment = new Adjustment(
            byFactor ? (long)(factor * 1_000_000m) : null, byNumber ? number : null, until, reason);
        return null;
    }

    private static bool ReadFactor(ref StrictReader json, out decimal factor)
    {
        if (!json.Decimal(Names[FactorField], FactorRule, out factor)) return false;
        return factor is >= 0 and <= FactorMax && decimal.Round(factor, 6) == factor
            || json.Fail(InputProblem.Invalid(Names[FactorField], FactorRule));
    }
}
