namespace Limiter.Described.Tenants;

/// <summary>Calls about tenants.</summary>
public static class TenantOperations
{
    private const string Tag = "tenants";
    private const string Path = "/v1/tenants/{tenant}";

    public static Operation List { get; } = new("GET", "/v1/tenants", Access.Admin)
    {
        Name = "listTenants",
        Tag = Tag,
        Summary = "Tenants by name, in pages.",
        Query = typeof(PageQuery),
        Answers = [Answer.Done(typeof(TenantPage))],
    };

    public static Operation Put { get; } = new("PUT", Path, Access.Admin)
    {
        Name = "putTenant",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "Register a tenant, or change it.",
        Body = typeof(PutTenant),
        Answers = [new(200, "Changed.", typeof(Tenant)), new(201, "Registered.", typeof(Tenant))],
    };

    public static Operation Get { get; } = new("GET", Path, Access.Admin)
    {
        Name = "getTenant",
        Tag = Tag,
        Summary = "Read a tenant, and its keys in pages.",
        Query = typeof(PageQuery),
        Answers = [Answer.Done(typeof(TenantWithKeys))],
    };

    public static Operation Delete { get; } = new("DELETE", Path, Access.Admin)
    {
        Name = "deleteTenant",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "Remove a tenant and its keys.",
        Answers = [Answer.Gone()],
    };

    public static Operation MakeLink { get; } = new("POST", Path + "/links", Access.Admin)
    {
        Name = "makeLink",
        Tag = Tag,
        Summary = "A link by which somebody reads this tenant's usage, limits and alerts, until it ends.",
        Body = typeof(MakeLink),
        TakesNoBody = true,
        Answers = [new(201, "The link. It is shown only here.", typeof(Link))],
    };

    public static Operation Changes { get; } = new("GET", Path + "/changes", Access.Admin)
    {
        Name = "changes",
        Tag = Tag,
        Summary = "Who changed what of a tenant, and when.",
        Query = typeof(PageQuery),
        Answers = [Answer.Done(typeof(ChangePage))],
    };

    public static IEnumerable<Operation> All => [List, Put, Get, Delete, MakeLink, Changes];
}
