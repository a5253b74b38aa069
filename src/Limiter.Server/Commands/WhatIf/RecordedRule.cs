using Limiter.Domain.Policies;
using Limiter.Domain.Usage;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>
/// Finds the rule of the proposed policy for what was counted under another one. Only the template of the rule that
/// matched then is known: the same template is the same rule, otherwise a path that fits it is matched.
/// </summary>
internal sealed class RecordedRule(Policy policy)
{
    /// <summary>Most templates remembered; further ones are matched each time.</summary>
    private const int RememberedMax = 10_000;

    private const string Filler = "x";

    private readonly Dictionary<string, EndpointRule> _known = [];

    public EndpointRule Of(UsageSubject subject)
    {
        if (subject.IsOther) return policy.Endpoints.Otherwise;
        if (_known.TryGetValue(subject.Template, out var known)) return known;
        var rule = policy.Endpoints.Rules.FirstOrDefault(one => one.Template == subject.Template)
            ?? Match(subject.Template);
        if (_known.Count < RememberedMax) _known.Add(subject.Template, rule);
        return rule;
    }

    private EndpointRule Match(string template)
    {
        var space = template.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return policy.Endpoints.Otherwise;
        var method = template[..space].Split('|')[0];
        var segments = template[(space + 1)..].Split('/').Select(segment =>
            segment == "*" || segment.StartsWith('{') ? Filler : segment);
        return PathNormaliser.TryNormalise(string.Join('/', segments), out var path, out _)
            ? policy.Endpoints.Match(method == "*" ? "GET" : method, path)
            : policy.Endpoints.Otherwise;
    }
}
