using System.Collections.Immutable;
using System.Security.Cryptography;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Policies.Files;

/// <summary>Reads the sections of a file's tree, and joins them into a policy once nothing is wrong with any.</summary>
internal static class PolicyCompiler
{
    private const int NameLengthMax = 64;

    private static readonly string[] Properties =
    [
        "$schema", "policy", "limits", "plans", "anonymous", "exempt", "endpoints", "otherwise", "cost",
        "whenUnreachable", "paths", "response",
    ];

    /// <summary>Null when errors were found.</summary>
    public static Policy? Compile(PolicyNode root, ReadOnlySpan<byte> utf8, PolicyErrors errors)
    {
        if (!Fields.TryOf(root, errors, Properties, out var file)) return null;
        var name = ReadName(file, errors);
        var limits = LimitsSection.Read(file.Require("limits", "an object of limits by name is needed"), errors);
        var plans = PlansSection.Read(file.Require("plans", "an object of plans by name is needed"), limits, errors);
        var anonymous = PlansSection.ReadAnonymous(file.Find("anonymous"), plans, errors);
        var otherwise = EndpointsSection.ReadOtherwise(file.Find("otherwise"), errors);
        HashSet<string> groups = [otherwise];
        var caseSensitive = ReadCaseSensitive(file.Find("paths"), errors);
        var exempt = ExemptSection.Read(file.Find("exempt"), errors);
        var endpoints = EndpointsSection.Read(file.Find("endpoints"), exempt, caseSensitive, groups, errors);
        EndpointsSection.CheckGroups(limits, groups, errors);
        var cost = CostSection.Read(file.Find("cost"), errors);
        var unreachable = UnreachableSection.Read(file.Find("whenUnreachable"), errors);
        var response = ResponseSection.Read(
            file.Require("response", "an object with at least \"denied\" is needed"), limits, errors);
        if (errors.Any || response is null) return null;

        var definitions = Definitions(limits);
        var layouts = LayoutCompiler.Layouts(definitions, limits);
        return new Policy
        {
            Name = name,
            Digest = [.. SHA256.HashData(utf8)],
            Source = [.. utf8],
            Plans = [.. plans],
            Anonymous = anonymous,
            Limits = definitions,
            Layouts = layouts,
            Endpoints = Matcher(exempt, endpoints, otherwise, cost.Default, caseSensitive, layouts, group =>
                LayoutCompiler.Demands(layouts, limits, group)),
            Cost = cost.Stated,
            CostFromUpstream = cost.FromUpstream,
            WhenUnreachable = unreachable.Choice,
            LocalSharePercent = unreachable.LocalSharePercent,
            Response = response.Join(definitions),
        };
    }

    private static string ReadName(Fields file, PolicyErrors errors)
    {
        const string rule = "1 to 64 characters of A-Z a-z 0-9 . _ -, the first a letter or digit";
        if (file.Find("$schema") is { Kind: not NodeKind.Text } schema)
            errors.Add(schema, $"is {schema.Describe()}; the address of a schema is accepted, as text.");
        if (file.Require("policy", "the policy's name is needed, as text") is not { } node) return "";
        if (node.Kind == NodeKind.Text && Name.IsValid(node.Text, NameLengthMax)) return node.Text;
        errors.Add(node, $"is {node.Describe()}; a name is accepted: {rule}.");
        return "";
    }

    private static bool ReadCaseSensitive(PolicyNode? node, PolicyErrors errors)
    {
        if (node is null || !Fields.TryOf(node, errors, ["caseSensitive"], out var fields)) return false;
        return fields.Find("caseSensitive") is { } value && Scalar.Boolean(value, errors) == true;
    }

    private static ImmutableArray<LimitDefinition> Definitions(List<LimitDraft> limits) =>
    [
        .. limits.Select(draft => new LimitDefinition(
            draft.Index,
            draft.Rule!,
            draft.Partition,
            draft.Number?.Number,
            draft.Number?.Base is { } name ? limits.FindIndex(other => other.Name == name) : null,
            draft.Number?.Percent ?? 0)
        {
            IsShadow = draft.IsShadow,
        }),
    ];

    private static EndpointMatcher Matcher(
        List<EndpointDraft> exempt,
        List<EndpointDraft> endpoints,
        string otherwise,
        long defaultCost,
        bool caseSensitive,
        ImmutableArray<BucketLayout> layouts,
        Func<string, ImmutableArray<Demand>> demandsOf)
    {
        var demands = new Dictionary<string, ImmutableArray<Demand>> { [otherwise] = demandsOf(otherwise) };
        foreach (var group in endpoints.Select(draft => draft.Group)) demands.TryAdd(group, demandsOf(group));
        // They come first: what is exempt is so whatever other patterns say.
        var passes = exempt.Select(draft => (draft.Pattern, new EndpointRule(
            draft.Group, draft.Pattern.Text, 0, null, []) { IsExempt = true }));
        var rules = endpoints.Select(draft => (draft.Pattern, new EndpointRule(
            draft.Group, draft.Pattern.Text, draft.Cost ?? defaultCost, draft.RecordsMax, demands[draft.Group])
        {
            Counting = Policies.Counting.Of(layouts, demands[draft.Group]),
        }));
        var rest = new EndpointRule(otherwise, "*", defaultCost, null, demands[otherwise])
        {
            Counting = Policies.Counting.Of(layouts, demands[otherwise]),
        };
        return new EndpointMatcher([.. passes, .. rules], rest, caseSensitive);
    }
}
