namespace Limiter.Domain.Policies.Files;

/// <summary><c>"cost"</c>: tokens of a request whose rule names none, and what a caller may state.</summary>
/// <param name="Default">Cost without a rule's or a caller's; 1 unless said.</param>
/// <param name="Stated">What a caller may state; both bounds 1 unless said.</param>
/// <param name="FromUpstream">Whether an upstream may tell what a request really cost; not unless said.</param>
internal readonly record struct CostSection(long Default, CostBounds Stated, bool FromUpstream)
{
    private static readonly string[] Properties = ["default", "min", "max", "fromUpstream"];

    public static CostSection Read(PolicyNode? node, PolicyErrors errors)
    {
        if (node is null || !Fields.TryOf(node, errors, Properties, out var fields))
            return new CostSection(1, new CostBounds(1, 1), false);
        var min = Cost(fields.Find("min"), 1, errors);
        var max = Cost(fields.Find("max"), min, errors);
        if (max < min && fields.Find("max") is { } maxNode)
            errors.Add(maxNode, $"is {max:N0}, which is below \"min\", {min:N0}.");
        var fromUpstream = fields.Find("fromUpstream") is { } told && Scalar.Boolean(told, errors) == true;
        return new CostSection(Cost(fields.Find("default"), 1, errors), new CostBounds(min, max), fromUpstream);
    }

    private static long Cost(PolicyNode? node, long missing, PolicyErrors errors) =>
        node is null ? missing : Scalar.Integer(node, errors, 1, CostBounds.Greatest) ?? missing;
}
