namespace Limiter.Domain;

/// <summary>Integer division that names its rounding.</summary>
public static class Ceiling
{
    /// <summary>The quotient rounded towards positive infinity. <paramref name="divisor"/> is at least 1.</summary>
    public static long Divide(long dividend, long divisor)
    {
        var quotient = Math.DivRem(dividend, divisor, out var remainder);
        return remainder > 0 ? quotient + 1 : quotient;
    }

    /// <summary>The least multiple of <paramref name="step"/> that is not below <paramref name="value"/>.</summary>
    public static long ToMultiple(long value, long step) => Divide(value, step) * step;
}
