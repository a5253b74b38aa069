using System.Collections.Immutable;
using System.Globalization;
using Limiter.Domain.Alerts;

namespace Limiter.Http.Alerts;

/// <summary>What tenants without a rule of their own are told of, and where alerts may go.</summary>
public sealed record AlertingOptions
{
    /// <summary>The word for no thresholds.</summary>
    public const string NoThresholds = "none";

    /// <summary>What a list of thresholds must be, as in "it must be …".</summary>
    public const string ThresholdsRule =
        "1 to 10 different whole numbers from 1 to 100 (100: exceeded), such as 80,100";

    /// <summary>The rule of tenants that have none of their own; by default they are told nothing.</summary>
    public AlertRule Otherwise { get; init; } = AlertRule.None;

    /// <summary>Where alerts without a webhook are written, a line each; null: to the process's output.</summary>
    public string? File { get; init; }

    /// <summary>Whether webhooks may be plain HTTP, and at addresses that are not public.</summary>
    public bool PrivateHooks { get; init; }

    /// <summary>The rule for all that a setting says, such as <c>80,100</c>; null when it is not valid.</summary>
    /// <param name="thresholds">The setting; null for the default.</param>
    /// <param name="summary">Whether each closed day is told.</param>
    public static AlertRule? TryRule(string? thresholds, bool summary)
    {
        var none = AlertRule.None with { Summary = summary };
        if (thresholds is null) return none with { Thresholds = AlertRule.ThresholdsDefault };
        if (thresholds == NoThresholds) return none;
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var part in thresholds.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !TryAdd(numbers, number)) return null;
        }
        numbers.Sort();
        return none with { Thresholds = numbers.ToImmutable() };
    }

    /// <summary>Adds a threshold to a list; false when it is none, is there already, or there are too many.</summary>
    internal static bool TryAdd(ImmutableArray<int>.Builder thresholds, long number)
    {
        if (number is < 1 or > AlertRule.Exceeding || thresholds.Count == AlertRule.ThresholdsMax
            || thresholds.Contains((int)number)) return false;
        thresholds.Add((int)number);
        return true;
    }
}
