using Limiter.Domain.Tenants;

namespace Limiter.Domain.Policies.Files;

/// <summary><c>"plans"</c>: for each plan a number for each limit, or <c>"negotiated"</c>.</summary>
internal static class PlansSection
{
    private const int NameLengthMax = 64;

    public static List<Plan> Read(PolicyNode? node, IReadOnlyList<LimitDraft> limits, PolicyErrors errors)
    {
        if (node is null) return [];
        if (node.Kind != NodeKind.Object || node.Members.Count is 0 or > PolicyFile.PlansMax)
        {
            var given = node.Kind == NodeKind.Object ? $"an object of {node.Members.Count} plans" : node.Describe();
            errors.Add(node, $"is {given}; an object of 1 to {PolicyFile.PlansMax} plans by name is accepted.");
        }
        return [.. node.Members.Select(member => ReadPlan(member.Key, member.Value, limits, errors))];
    }

    /// <summary>The plan of callers without a credential: its name, or null when there is none.</summary>
    public static Plan? ReadAnonymous(PolicyNode? node, IReadOnlyList<Plan> plans, PolicyErrors errors)
    {
        if (node is null) return null;
        var plan = node.Kind == NodeKind.Text ? plans.FirstOrDefault(plan => plan.Name == node.Text) : null;
        var names = plans.Select(known => known.Name).ToArray();
        if (plan is null)
            errors.Add(node, $"is {node.Describe()}.{Words.Hint(node.Text, names)} The name of a plan is accepted:"
                + $" {Words.List(names)}.");
        else if (plan.Negotiated)
            errors.Add(node, $"is the negotiated plan {PolicyNode.Quote(plan.Name)}; a plan with numbers is accepted.");
        return plan;
    }

    private static Plan ReadPlan(string name, PolicyNode node, IReadOnlyList<LimitDraft> limits, PolicyErrors errors)
    {
        if (!Name.IsValid(name, NameLengthMax))
            errors.Add(node, "has a name that is not accepted: a plan's name is 1 to 64 characters of"
                + " A-Z a-z 0-9 . _ -, the first a letter or digit.");
        var numbers = new long?[limits.Count];
        if (node.IsText("negotiated")) return new Plan(name, [.. numbers], true);
        if (node.Kind != NodeKind.Object)
        {
            errors.Add(node, $"is {node.Describe()};"
                + " an object with a number for each limit, or \"negotiated\" is accepted.");
            return new Plan(name, [.. numbers], false);
        }
        var negotiated = ReadNumbers(node, limits, numbers, errors);
        foreach (var limit in limits)
        {
            if (limit.NumberNode is not null || node.Find(limit.Name) is not null) continue;
            errors.Add(node, $"has no number for the limit {PolicyNode.Quote(limit.Name)}, which has none of its own;"
                + $" {LimitNumber.Accepted}, or \"negotiated\" is needed.");
        }
        return new Plan(name, [.. numbers], negotiated);
    }

    private static bool ReadNumbers(
        PolicyNode node, IReadOnlyList<LimitDraft> limits, long?[] numbers, PolicyErrors errors)
    {
        var negotiated = false;
        var names = limits.Select(limit => limit.Name).ToArray();
        foreach (var (name, value) in node.Members)
        {
            var index = Array.IndexOf(names, name);
            if (index < 0)
            {
                errors.Add(value, $"is no limit of this policy.{Words.Hint(name, names)}"
                    + $" Limits are {Words.List(names)}.");
                continue;
            }
            if (LimitNumber.OfPlan(value, errors) is not { } number) continue;
            numbers[index] = number.Number;
            if (!number.Negotiated) continue;
            negotiated = true;
            if (limits[index].NumberNode is not null)
                errors.Add(value, "is \"negotiated\", but the limit has a number of its own, which would hold;"
                    + " leave it out here, or leave out the limit's \"number\".");
        }
        return negotiated;
    }
}
