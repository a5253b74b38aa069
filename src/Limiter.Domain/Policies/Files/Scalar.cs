using System.Globalization;

namespace Limiter.Domain.Policies.Files;

/// <summary>Reads single values. Each method reports what is wrong and returns null.</summary>
internal static class Scalar
{
    public static long? Integer(PolicyNode node, PolicyErrors errors, long min, long max)
    {
        if (node.Kind == NodeKind.Number && TryInteger(node.Text, min, max, out var value)) return value;
        errors.Add(node, $"is {node.Describe()};"
            + $" a whole number from {min:N0} to {max:N0} is accepted, without quotes.");
        return null;
    }

    public static bool? Boolean(PolicyNode node, PolicyErrors errors)
    {
        if (node.Kind is NodeKind.True or NodeKind.False) return node.Kind == NodeKind.True;
        errors.Add(node, $"is {node.Describe()}; true or false is accepted, without quotes.");
        return null;
    }

    public static T? Choice<T>(
        PolicyNode node, PolicyErrors errors, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        foreach (var (word, value) in choices)
            if (node.IsText(word)) return value;
        var words = new List<string>();
        foreach (var (word, _) in choices) words.Add(word);
        var hint = node.Kind == NodeKind.Text ? Words.Hint(node.Text, words) : "";
        errors.Add(node, $"is {node.Describe()}.{hint} Accepted are {Words.List(words)}.");
        return null;
    }

    /// <summary>A whole percentage such as <c>"50%"</c>.</summary>
    public static int? Percent(PolicyNode node, PolicyErrors errors, int min, int max)
    {
        if (node.Kind == NodeKind.Text && TryPercent(node.Text, min, max, out var percent)) return percent;
        errors.Add(node, $"is {node.Describe()}; a percentage from \"{min}%\" to \"{max}%\" is accepted.");
        return null;
    }

    /// <summary>A duration in milliseconds, written as a whole number and a unit: <c>"60s"</c>, <c>"5m"</c>.</summary>
    public static long? Duration(PolicyNode node, PolicyErrors errors, long minMs, long maxMs)
    {
        if (node.Kind == NodeKind.Text && TryDuration(node.Text, out var milliseconds)
            && milliseconds >= minMs && milliseconds <= maxMs) return milliseconds;
        errors.Add(node, $"is {node.Describe()};"
            + " a whole number with s, m, h or d is accepted, such as \"60s\" or \"1h\","
            + $" from {minMs / 1000}s to {maxMs / 86_400_000}d.");
        return null;
    }

    /// <summary>A name of the limits' alphabet.</summary>
    public static string? Word(PolicyNode node, PolicyErrors errors)
    {
        if (node.Kind == NodeKind.Text && LimitId.TryParse(node.Text, out _)) return node.Text;
        errors.Add(node, $"is {node.Describe()}; a name is accepted: {NameRule}.");
        return null;
    }

    public const string NameRule = "1 to 32 characters of a-z 0-9 - _, the first a letter";

    public static bool TryInteger(string text, long min, long max, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= min && value <= max;

    public static bool TryPercent(string text, int min, int max, out int percent)
    {
        percent = 0;
        return text.EndsWith('%')
            && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out percent)
            && percent >= min && percent <= max;
    }

    private static bool TryDuration(string text, out long milliseconds)
    {
        milliseconds = 0;
        long unit = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => 1_000,
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            _ => 0,
        };
        // At most 9 digits times a day fits a long, so nothing overflows.
        if (unit == 0 || text.Length > 10
            || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        milliseconds = count * unit;
        return true;
    }
}
