using Limiter.Domain;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>A time at which something ends by itself: in the future, and not too far ahead.</summary>
internal static class FutureTimeField
{
    private const int LengthMax = 40;
    private const long DayMs = 24L * 60 * 60 * 1000;

    /// <param name="json">At the value.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="now">What it is later than.</param>
    /// <param name="daysMax">How many days ahead at most.</param>
    /// <param name="time">The time.</param>
    public static bool Read(ref StrictReader json, string field, Instant now, int daysMax, out Instant time)
    {
        time = default;
        if (!json.Text(field, LengthMax, out var text)) return false;
        if (!IsoTime.TryParse(text, out time))
            return json.Fail(InputProblem.Invalid(field, "a time such as 2026-01-01T01:00:00Z"));
        if (time <= now) return json.Fail(InputProblem.Invalid(field, "in the future"));
        return time - now <= daysMax * DayMs
            || json.Fail(InputProblem.Invalid(field, $"at most {daysMax} days ahead"));
    }
}
