using System.Collections.Immutable;

namespace Limiter.Domain.Policies.Files;

/// <summary><c>"response"</c>: headers and bodies as the API's own client sees them.</summary>
internal static class ResponseSection
{
    private static readonly string[] Properties =
        ["describe", "reset", "remainingWhenDenied", "ietf", "problem", "denied", "deniedBy"];

    public static ResponseDraft? Read(PolicyNode? node, IReadOnlyList<LimitDraft> limits, PolicyErrors errors)
    {
        if (node is null || !Fields.TryOf(node, errors, Properties, out var fields)) return null;
        var isProblem = fields.Find("problem") is { } problem && Scalar.Boolean(problem, errors) == true;
        var denied = isProblem ? null : fields.Require("denied", "the body of a 429 is needed");
        foreach (var name in (string[])["denied", "deniedBy"])
            if (isProblem && fields.Find(name) is { } body)
                errors.Add(body, "is a body beside \"problem\": true, which is the body of every 429; leave one out.");
        return new ResponseDraft(
            ReadDescribed(fields.Find("describe"), limits, errors),
            fields.Find("reset") is not { } reset ? ResetFormat.UnixSeconds : Scalar.Choice(reset, errors,
                ("unix", ResetFormat.UnixSeconds), ("httpDate", ResetFormat.HttpDate)) ?? ResetFormat.UnixSeconds,
            fields.Find("remainingWhenDenied") is not { } remaining ? RemainingWhenDenied.Actual
                : Scalar.Choice(remaining, errors,
                    ("actual", RemainingWhenDenied.Actual), ("zero", RemainingWhenDenied.Zero))
                ?? RemainingWhenDenied.Actual,
            fields.Find("ietf") is { } ietf && Scalar.Boolean(ietf, errors) == true,
            denied is null ? null : BodyTemplateReader.Read(denied, errors),
            ReadDeniedBy(fields.Find("deniedBy"), limits, errors));
    }

    /// <summary>The limit's index, or null for the binding one.</summary>
    private static int? ReadDescribed(PolicyNode? node, IReadOnlyList<LimitDraft> limits, PolicyErrors errors)
    {
        if (node is null || node.IsText(LimitsSection.Binding)) return null;
        var limit = node.Kind == NodeKind.Text ? limits.FirstOrDefault(limit => limit.Name == node.Text) : null;
        if (limit is null)
        {
            string[] names = [LimitsSection.Binding, .. limits.Select(known => known.Name)];
            errors.Add(node, $"is {node.Describe()}.{Words.Hint(node.Text, names)} Accepted are {Words.List(names)}.");
        }
        else if (limit.Groups is not null)
            errors.Add(node, $"is {node.Describe()}, which counts only some groups, so that other responses would have"
                + " no headers; a limit without \"groups\", or \"binding\" is accepted.");
        else if (limit.IsShadow)
            errors.Add(node, $"is {node.Describe()}, a shadow limit, of which clients are not told; another limit, or"
                + " \"binding\" is accepted.");
        return limit?.Index;
    }

    private static ImmutableDictionary<int, BodyTemplate> ReadDeniedBy(
        PolicyNode? node, IReadOnlyList<LimitDraft> limits, PolicyErrors errors)
    {
        var bodies = ImmutableDictionary.CreateBuilder<int, BodyTemplate>();
        if (node is null) return bodies.ToImmutable();
        if (node.Kind != NodeKind.Object)
            errors.Add(node, $"is {node.Describe()}; an object of bodies by the name of a limit is accepted.");
        foreach (var (name, value) in node.Members)
        {
            var body = BodyTemplateReader.Read(value, errors);
            var limit = limits.FirstOrDefault(limit => limit.Name == name);
            var names = limits.Select(known => known.Name).ToArray();
            if (limit is null)
                errors.Add(value, $"is no limit of this policy.{Words.Hint(name, names)}"
                    + $" Limits are {Words.List(names)}.");
            else if (body is not null)
                bodies[limit.Index] = body;
        }
        return bodies.ToImmutable();
    }
}
