namespace Limiter.Described.Tenants;

/// <summary>Calls about a tenant's keys.</summary>
public static class KeyOperations
{
    private const string Tag = "keys";
    private const string Path = "/v1/tenants/{tenant}/keys";

    public static Operation Mint { get; } = new("POST", Path, Access.Admin)
    {
        Name = "mintKey",
        Tag = Tag,
        Summary = "Mint a key; its secret is shown once.",
        Body = typeof(PostKey),
        Answers = [new(201, "Minted.", typeof(MintedKey))],
    };

    public static Operation List { get; } = new("GET", Path, Access.Admin)
    {
        Name = "listKeys",
        Tag = Tag,
        Summary = "A tenant's keys, in pages.",
        Query = typeof(PageQuery),
        Answers = [Answer.Done(typeof(KeyPage))],
    };

    public static Operation Get { get; } = new("GET", Path + "/{key}", Access.Admin)
    {
        Name = "getKey",
        Tag = Tag,
        Summary = "Read a key.",
        Answers = [Answer.Done(typeof(Key))],
    };

    public static Operation Revoke { get; } = new("DELETE", Path + "/{key}", Access.Admin)
    {
        Name = "revokeKey",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "Revoke a key.",
        Answers = [Answer.Gone()],
    };

    public static Operation Rotate { get; } = new("POST", Path + "/{key}/rotate", Access.Admin)
    {
        Name = "rotateKey",
        Tag = Tag,
        HonoursPreconditions = true,
        Summary = "A new secret for a key; the old one works on for the overlap.",
        Body = typeof(RotateKey),
        Answers = [Answer.Done(typeof(MintedKey))],
    };

    public static IEnumerable<Operation> All => [Mint, List, Get, Revoke, Rotate];
}
