namespace Limiter.Domain.Policies.Files;

/// <summary><c>"limits"</c>: a named number each, with an algorithm and what it is counted per.</summary>
internal static class LimitsSection
{
    /// <summary>What the response calls the limit with the least left, so no limit has this name.</summary>
    public const string Binding = "binding";

    private static readonly string[] Properties =
        ["algorithm", "window", "per", "number", "groups", "refill", "shadow"];

    /// <summary>A draft for every name, so that a reference to a broken limit is not reported too.</summary>
    public static List<LimitDraft> Read(PolicyNode? node, PolicyErrors errors)
    {
        var drafts = new List<LimitDraft>();
        if (node is null) return drafts;
        if (node.Kind != NodeKind.Object || node.Members.Count is 0 or > Policy.LimitsMax)
        {
            var given = node.Kind == NodeKind.Object ? $"an object of {node.Members.Count} limits" : node.Describe();
            errors.Add(node, $"is {given}; an object of 1 to {Policy.LimitsMax} limits by name is accepted.");
        }
        foreach (var (name, value) in node.Members) drafts.Add(ReadLimit(drafts.Count, name, value, errors));
        foreach (var draft in drafts) CheckBase(draft, drafts, errors);
        return drafts;
    }

    private static LimitDraft ReadLimit(int index, string name, PolicyNode node, PolicyErrors errors)
    {
        var draft = new LimitDraft(index, name, node);
        if (!LimitId.TryParse(name, out var id) || name == Binding)
            errors.Add(node, "has a name that is not accepted: a limit's name is"
                + $" {Scalar.NameRule}, and not \"{Binding}\".");
        if (!Fields.TryOf(node, errors, Properties, out var fields)) return draft;
        var number = fields.Find("number");
        return draft with
        {
            Rule = ReadRule(id, fields, errors),
            Partition = fields.Find("per") is not { } per ? Partition.Tenant : Scalar.Choice(per, errors,
                ("tenant", Partition.Tenant), ("key", Partition.Key), ("ip", Partition.Ip)) ?? Partition.Tenant,
            NumberNode = number,
            Number = number is null ? null : LimitNumber.OfLimit(number, errors),
            Groups = ReadGroups(fields.Find("groups"), errors),
            IsShadow = fields.Find("shadow") is { } shadow && Scalar.Boolean(shadow, errors) == true,
        };
    }

    private static LimitRule? ReadRule(LimitId id, Fields fields, PolicyErrors errors)
    {
        const string choices = "\"slidingWindow\", \"fixedWindow\", \"calendar\" or \"tokenBucket\" is needed";
        var refill = ReadRefill(fields, errors);
        if (fields.Require("algorithm", choices) is not { } algorithm) return null;
        var chosen = Scalar.Choice(algorithm, errors,
            ("slidingWindow", Algorithm.SlidingWindow),
            ("fixedWindow", Algorithm.FixedWindow),
            ("calendar", Algorithm.CalendarQuota),
            ("tokenBucket", Algorithm.TokenBucket));
        var window = fields.Require("window", "a duration such as \"60s\", or a calendar's period is needed");
        if (chosen is null || window is null) return null;
        if (chosen == Algorithm.CalendarQuota) return ReadCalendar(id, window, errors);
        var longest = chosen == Algorithm.TokenBucket ? LimitRule.TokenBucketWindowMsMax : LimitRule.WindowMsMax;
        if (Scalar.Duration(window, errors, LimitRule.WindowMsMin, longest) is not { } milliseconds) return null;
        return chosen switch
        {
            Algorithm.SlidingWindow => LimitRule.Sliding(id, milliseconds),
            Algorithm.FixedWindow => LimitRule.Fixed(id, milliseconds),
            _ => LimitRule.TokenBucket(id, milliseconds, refill),
        };
    }

    private static LimitRule? ReadCalendar(LimitId id, PolicyNode window, PolicyErrors errors)
    {
        var period = Scalar.Choice(window, errors,
            ("hour", CalendarPeriod.Hour), ("day", CalendarPeriod.Day), ("month", CalendarPeriod.Month));
        return period is { } known ? LimitRule.Calendar(id, known) : null;
    }

    private static int ReadRefill(Fields fields, PolicyErrors errors)
    {
        const int full = 100;
        if (fields.Find("refill") is not { } refill) return full;
        if (fields.Find("algorithm") is { } algorithm && !algorithm.IsText("tokenBucket"))
            errors.Add(refill, "is accepted only where the algorithm is \"tokenBucket\".");
        return Scalar.Percent(refill, errors, 1, LimitRule.RefillPercentMax) ?? full;
    }

    private static IReadOnlyList<PolicyNode>? ReadGroups(PolicyNode? node, PolicyErrors errors)
    {
        if (node is null) return null;
        if (node.Kind == NodeKind.Array && node.Items.Count > 0 && node.Items.All(item => item.Kind == NodeKind.Text))
            return node.Items;
        errors.Add(node, "is not a list of group names; an array such as [\"write\"] is accepted."
            + " A limit without \"groups\" counts every request.");
        return null;
    }

    private static void CheckBase(LimitDraft draft, List<LimitDraft> drafts, PolicyErrors errors)
    {
        if (draft.Number is not { Base: { } name } || draft.NumberNode is not { } node) return;
        var target = drafts.Find(other => other.Name == name);
        var named = PolicyNode.Quote(name);
        if (target is null)
            errors.Add(node, $"is a percentage of {named}, which is no limit of this policy."
                + $" Limits are {Words.List(drafts.Select(other => other.Name))}.");
        else if (target == draft || target.Number is { Base: not null })
            errors.Add(node, $"is a percentage of {named}, which is itself a percentage;"
                + " a limit that has a number of its own, or one on each plan, is accepted.");
        else if (target.Partition != draft.Partition)
            errors.Add(node, $"is a percentage of {named}, which is counted per {Per(target)} and not per {Per(draft)};"
                + " a limit with the same \"per\" is accepted.");
    }

    private static string Per(LimitDraft draft) => draft.Partition switch
    {
        Partition.Key => "key",
        Partition.Ip => "ip",
        _ => "tenant",
    };
}
