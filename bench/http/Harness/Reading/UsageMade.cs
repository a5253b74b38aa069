using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Harness.Reading;

/// <summary>The made-up tenants of the usage report, and what each is said to have sent.</summary>
internal static class UsageMade
{
    // Three endpoints of one key, some denied: what a tenant's sheet is in the shipped policies' traffic.
    public static UsageSheet Sheet(int i, Instant? peak)
    {
        var sum = new UsageSum();
        (string, string)[] rules = [("read", "GET /contacts"), ("write", "POST /contacts"), ("read", "*")];
        foreach (var (group, template) in rules)
        {
            var subject = UsageSubject.Of("k1", group, template);
            sum.Add(subject, new UsageCounts(i % 50 + 1, i % 5, 0, 0, i % 50 + 1));
            sum.AddDenied(subject, "minute", i % 5);
        }
        if (peak is { } minute) sum.AddPeak(new PeakMinute(minute, i + 1));
        return sum.ToSheet();
    }

    public static TenantId TenantOf(int i) => TenantId.TryParse($"t{i:00000}", out var tenant)
        ? tenant : throw new ArgumentOutOfRangeException(nameof(i));
}
