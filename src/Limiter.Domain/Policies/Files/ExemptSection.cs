namespace Limiter.Domain.Policies.Files;

/// <summary><c>"exempt"</c>: patterns of requests that pass without being counted, such as health checks.</summary>
internal static class ExemptSection
{
    /// <summary>Few: what is exempt is an exception.</summary>
    public const int PatternsMax = 100;

    public static List<EndpointDraft> Read(PolicyNode? node, PolicyErrors errors)
    {
        var drafts = new List<EndpointDraft>();
        if (node is null) return drafts;
        if (node.Kind != NodeKind.Array)
        {
            errors.Add(node, $"is {node.Describe()}; an array of patterns such as [\"GET /health\"] is accepted.");
            return drafts;
        }
        if (node.Items.Count > PatternsMax)
            errors.Add(node, $"has {node.Items.Count:N0} patterns; at most {PatternsMax} are accepted.");
        foreach (var item in node.Items)
            if (EndpointsSection.ReadPattern(item, errors) is { } pattern)
                drafts.Add(new EndpointDraft(pattern, item, EndpointRule.ExemptGroup, 0, null));
        return drafts;
    }
}
