namespace Limiter.Domain.Policies;

/// <summary>The names of the placeholders in a body.</summary>
internal static class BodyFields
{
    private static readonly Dictionary<string, BodyField> ByName = new(StringComparer.Ordinal)
    {
        ["retryAfter"] = BodyField.RetryAfter,
        ["limit"] = BodyField.Limit,
        ["remaining"] = BodyField.Remaining,
        ["limitName"] = BodyField.LimitName,
        ["cost"] = BodyField.Cost,
        ["resetUnix"] = BodyField.Reset,
        ["timestamp"] = BodyField.Timestamp,
        ["requestId"] = BodyField.RequestId,
        ["window"] = BodyField.Window,
    };

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Those that can also stand as a JSON number.</summary>
    public static IEnumerable<string> NumberNames =>
        ByName.Where(pair => IsNumber(pair.Value)).Select(pair => pair.Key);

    public static BodyField Find(string name) => ByName.GetValueOrDefault(name);

    public static bool IsNumber(BodyField field) => field
        is BodyField.RetryAfter or BodyField.Limit or BodyField.Remaining or BodyField.Cost or BodyField.Reset
        or BodyField.Window;
}
