namespace Limiter.Described.Alerts;

/// <summary>Calls about what a tenant is told.</summary>
public static class AlertOperations
{
    private const string Tag = "alerts";
    private const string Path = "/v1/tenants/{tenant}/alerts";

    public static Operation Put { get; } = new("PUT", Path, Access.Admin)
    {
        Name = "putAlertRule",
        Tag = Tag,
        Summary = "Of what the tenant is told, and where. A secret that is minted is shown once.",
        Body = typeof(AlertRule),
        Answers = [Answer.Done(typeof(AlertRuleInForce)), new(201, "Made.", typeof(AlertRuleInForce))],
    };

    public static Operation Get { get; } = new("GET", Path, Access.Admin)
    {
        Name = "alertRule",
        Tag = Tag,
        Summary = "The rule in force: the tenant's own, or the one for all.",
        Answers = [Answer.Done(typeof(AlertRuleInForce))],
    };

    public static Operation Delete { get; } = new("DELETE", Path, Access.Admin)
    {
        Name = "deleteAlertRule",
        Tag = Tag,
        Summary = "Back to the rule for all.",
        Answers = [Answer.Gone()],
    };

    public static Operation Test { get; } = new("POST", Path + "/test", Access.Admin)
    {
        Name = "testAlert",
        Tag = Tag,
        Summary = "Send a test, at most one a second.",
        Answers = [new(202, "Accepted: it is sent shortly.", typeof(TestAlert))],
    };

    public static Operation Sent { get; } = new("GET", Path + "/sent", Access.Admin)
    {
        Name = "alertsSent",
        Tag = Tag,
        Summary = "What the tenant was told, the latest first, and what became of it.",
        ServesViewers = true,
        Query = typeof(TakeQuery),
        Answers = [Answer.Done(typeof(AlertPage))],
    };

    public static IEnumerable<Operation> All => [Put, Get, Delete, Test, Sent];
}
