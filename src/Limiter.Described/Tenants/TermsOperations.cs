namespace Limiter.Described.Tenants;

/// <summary>Calls about a customer's own numbers.</summary>
public static class TermsOperations
{
    private const string Tag = "terms";
    private const string Overrides = "/v1/tenants/{tenant}/overrides/{limit}";
    private const string Adjustments = "/v1/tenants/{tenant}/adjustments/{limit}";

    public static Operation PutOverride { get; } = new("PUT", Overrides, Access.Admin)
    {
        Name = "putOverride",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "A customer's own number for a limit, until changed.",
        Body = typeof(Override),
        Answers = [Answer.Done(typeof(Tenant))],
    };

    public static Operation DeleteOverride { get; } = new("DELETE", Overrides, Access.Admin)
    {
        Name = "deleteOverride",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "Back to the plan's number.",
        Answers = [Answer.Gone()],
    };

    public static Operation PutAdjustment { get; } = new("PUT", Adjustments, Access.Admin)
    {
        Name = "putAdjustment",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "A factor or number until a time, with a reason.",
        Body = typeof(Adjustment),
        Answers = [Answer.Done(typeof(Tenant))],
    };

    public static Operation DeleteAdjustment { get; } = new("DELETE", Adjustments, Access.Admin)
    {
        Name = "deleteAdjustment",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "End an adjustment now.",
        Answers = [Answer.Gone()],
    };

    public static IEnumerable<Operation> All => [PutOverride, DeleteOverride, PutAdjustment, DeleteAdjustment];
}
