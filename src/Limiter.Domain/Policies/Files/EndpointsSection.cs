namespace Limiter.Domain.Policies.Files;

/// <summary><c>"endpoints"</c>: rules in order, each putting the requests of its patterns in a group.</summary>
internal static class EndpointsSection
{
    private const string DefaultGroup = "standard";

    private const long RecordsGreatest = 1_000_000_000;
    private static readonly string[] Properties = ["group", "match", "cost", "maxRecords"];

    public static List<EndpointDraft> Read(
        PolicyNode? node, List<EndpointDraft> exempt, bool caseSensitive, HashSet<string> groups, PolicyErrors errors)
    {
        var drafts = new List<EndpointDraft>();
        if (node is { Kind: NodeKind.Array })
            foreach (var item in node.Items) ReadRule(item, drafts, groups, errors);
        else if (node is not null)
            errors.Add(node, $"is {node.Describe()}; an array of rules is accepted, the first that matches wins.");
        List<EndpointDraft> all = [.. exempt, .. drafts];
        if (all.Count == 0) return drafts;
        if (drafts.Count > PolicyFile.PatternsMax)
            errors.Add(node!, $"has {drafts.Count:N0} patterns; at most {PolicyFile.PatternsMax:N0} are accepted.");
        else
            CheckReachable(all, caseSensitive, errors);
        var methods = all.SelectMany(draft => draft.Pattern.Methods).Distinct().Count();
        if (methods > EndpointMatcher.MethodsMax)
            errors.Add(
                node ?? all[0].Node,
                $"names {methods} different methods; at most {EndpointMatcher.MethodsMax} are accepted.");
        return drafts;
    }

    /// <summary>The group of requests that no pattern matches.</summary>
    public static string ReadOtherwise(PolicyNode? node, PolicyErrors errors) =>
        node is null ? DefaultGroup : Scalar.Word(node, errors) ?? DefaultGroup;

    /// <summary>Reports groups that a limit names and no rule puts a request in.</summary>
    public static void CheckGroups(IEnumerable<LimitDraft> limits, HashSet<string> groups, PolicyErrors errors)
    {
        foreach (var node in limits.SelectMany(limit => limit.Groups ?? []))
            if (!groups.Contains(node.Text))
                errors.Add(node, $"is {node.Describe()}, which is no group of this policy."
                    + $"{Words.Hint(node.Text, groups)} Groups are {Words.List(groups)}.");
    }

    private static void ReadRule(
        PolicyNode node, List<EndpointDraft> drafts, HashSet<string> groups, PolicyErrors errors)
    {
        if (!Fields.TryOf(node, errors, Properties, out var fields)) return;
        var group = fields.Require("group", "the name of an endpoint group is needed") is { } named
            ? Scalar.Word(named, errors)
            : null;
        if (group is not null) groups.Add(group);
        var cost = fields.Find("cost") is { } costNode
            ? Scalar.Integer(costNode, errors, 1, CostBounds.Greatest)
            : null;
        var records = fields.Find("maxRecords") is { } recordsNode
            ? Scalar.Integer(recordsNode, errors, 1, RecordsGreatest)
            : null;
        if (fields.Require("match", "a pattern or a list of patterns such as [\"POST /auth/*\"] is needed")
            is not { } match) return;
        if (match.Kind == NodeKind.Array && match.Items.Count == 0)
            errors.Add(match, "is empty; at least one pattern is accepted.");
        foreach (var item in match.Kind == NodeKind.Array ? match.Items : [match])
        {
            if (ReadPattern(item, errors) is { } pattern)
                drafts.Add(new EndpointDraft(pattern, item, group ?? "", cost, records));
        }
    }

    public static EndpointPattern? ReadPattern(PolicyNode node, PolicyErrors errors)
    {
        var error = "";
        var pattern = node.Kind == NodeKind.Text ? EndpointPattern.Parse(node.Text, out error) : null;
        if (pattern is null)
            errors.Add(node, $"is {node.Describe()}{(error.Length > 0 ? $", which {error}" : "")}."
                + $" {EndpointPattern.Grammar}.");
        return pattern;
    }

    /// <summary>A pattern whose path and methods an earlier one has never decides anything: a mistake.</summary>
    private static void CheckReachable(List<EndpointDraft> drafts, bool caseSensitive, PolicyErrors errors)
    {
        var seen = new Dictionary<string, List<EndpointDraft>>(
            caseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var draft in drafts)
        {
            var pattern = draft.Pattern;
            // No literal segment is "*" and none holds a slash, so distinct paths have distinct shapes.
            var path = string.Join('/', pattern.Segments.Select(segment => segment ?? "*"));
            var shape = pattern.Tail ? $"{path}//" : path;
            if (!seen.TryGetValue(shape, out var earlier)) seen[shape] = earlier = [];
            var first = earlier.Find(other => other.Pattern.Methods.IsEmpty
                || (!pattern.Methods.IsEmpty && pattern.Methods.All(other.Pattern.Methods.Contains)));
            if (first is not null)
                errors.Add(draft.Node, $"never decides, as {PolicyNode.Quote(first.Pattern.Text)} on line"
                    + $" {first.Node.Line} matches the same requests first.");
            earlier.Add(draft);
        }
    }
}
