namespace Limiter.Domain.Policies.Files;

/// <summary>One pattern of an endpoint rule as read.</summary>
internal sealed record EndpointDraft(
    EndpointPattern Pattern, PolicyNode Node, string Group, long? Cost, long? RecordsMax);
