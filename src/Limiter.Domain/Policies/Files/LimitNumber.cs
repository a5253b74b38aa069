namespace Limiter.Domain.Policies.Files;

/// <summary>A limit's number as a file writes it.</summary>
/// <param name="Number">Tokens, <see cref="Schedule.Unlimited"/>, or null.</param>
/// <param name="Base">Name of the limit of which it is a percentage; null when it is none.</param>
/// <param name="Percent">Percent of the base; otherwise 0.</param>
/// <param name="Negotiated">Each tenant brings its own.</param>
internal readonly record struct LimitNumber(long? Number, string? Base, int Percent, bool Negotiated)
{
    public const int PercentMax = 1_000;
    public const string Accepted = "a whole number from 1 to 1,000,000,000, or \"unlimited\"";

    /// <summary>The number of a limit on every plan that names none; null after reporting what is wrong.</summary>
    public static LimitNumber? OfLimit(PolicyNode node, PolicyErrors errors)
    {
        if (TryPlain(node, out var number)) return new LimitNumber(number, null, 0, false);
        if (TryPercentOf(node, out var percentOf)) return percentOf;
        errors.Add(node, $"is {node.Describe()}; {Accepted}, or a percentage of another limit such as"
            + $" \"50% of minute\" (1% to {PercentMax:N0}%) is accepted.");
        return null;
    }

    /// <summary>A plan's number for a limit; null after reporting what is wrong.</summary>
    public static LimitNumber? OfPlan(PolicyNode node, PolicyErrors errors)
    {
        if (TryPlain(node, out var number)) return new LimitNumber(number, null, 0, false);
        if (node.IsText("negotiated")) return new LimitNumber(null, null, 0, true);
        errors.Add(node, $"is {node.Describe()}; {Accepted}, or \"negotiated\" is accepted.");
        return null;
    }

    private static bool TryPlain(PolicyNode node, out long number)
    {
        number = Schedule.Unlimited;
        return node.IsText("unlimited")
            || (node.Kind == NodeKind.Number && Scalar.TryInteger(node.Text, 1, Schedule.NumberMax, out number));
    }

    private static bool TryPercentOf(PolicyNode node, out LimitNumber number)
    {
        number = default;
        if (node.Kind != NodeKind.Text) return false;
        var parts = node.Text.Split(" of ");
        if (parts.Length != 2 || !Scalar.TryPercent(parts[0], 1, PercentMax, out var percent)) return false;
        if (!LimitId.TryParse(parts[1], out _)) return false;
        number = new LimitNumber(null, parts[1], percent, false);
        return true;
    }
}
