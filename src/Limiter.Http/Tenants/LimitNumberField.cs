using Limiter.Domain.Policies;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>A limit's number as the admin calls take it: 0 to 1,000,000,000, or <c>"unlimited"</c>.</summary>
internal static class LimitNumberField
{
    public static bool Read(ref StrictReader json, string field, out long number)
    {
        if (json.Is("unlimited"u8))
        {
            number = Schedule.Unlimited;
            return true;
        }
        if (!json.IsText) return json.Integer(field, 0, Schedule.NumberMax, out number);
        number = 0;
        return json.Fail(InputProblem.Invalid(
            field, $"a whole number from 0 to {Schedule.NumberMax}, or \"unlimited\""));
    }
}
