namespace Limiter.Domain.Policies.Files;

/// <summary><c>"whenUnreachable"</c>: what happens while a bucket cannot be reached; closed unless said.</summary>
internal readonly record struct UnreachableSection(WhenUnreachable Choice, int LocalSharePercent)
{
    private static readonly string[] Properties = ["local"];

    public static UnreachableSection Read(PolicyNode? node, PolicyErrors errors)
    {
        const int whole = 100;
        if (node is null || node.IsText("closed")) return new UnreachableSection(WhenUnreachable.Closed, 0);
        if (node.IsText("open")) return new UnreachableSection(WhenUnreachable.Open, 0);
        if (node.Kind != NodeKind.Object)
        {
            errors.Add(node, $"is {node.Describe()}; \"closed\", \"open\" or {{\"local\": \"10%\"}} is accepted.");
            return default;
        }
        if (!Fields.TryOf(node, errors, Properties, out var fields)) return default;
        var share = fields.Require("local", "each instance's share of the numbers is needed, such as \"10%\"");
        var percent = share is null ? 1 : Scalar.Percent(share, errors, 1, whole) ?? 1;
        return new UnreachableSection(WhenUnreachable.Local, percent);
    }
}
