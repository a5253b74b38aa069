namespace Limiter.Tidy.Tests;

internal static class Offenders
{
    /// <summary>Fails with the whole list, one offender a line.</summary>
    public static void ShouldBeNone(this IEnumerable<string> offenders, string rule)
    {
        var all = offenders.Distinct().ToArray();
        if (all.Length > 0)
            Assert.Fail($"{rule}{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }
}
