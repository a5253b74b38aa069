namespace Harness.Contending;

/// <summary>Something that is measured: one or more processes that answer on a port.</summary>
/// <param name="Name">As one asks for it.</param>
/// <param name="Family">check or proxy.</param>
/// <param name="Port">Where it answers.</param>
/// <param name="Processes">Its programs with their arguments, in the order in which they start.</param>
internal sealed record Contender(
    string Name, string Family, int Port, Func<Place, IReadOnlyList<IReadOnlyList<string>>> Processes)
{
    /// <summary>Whether it is to deny anything; a ceiling is not.</summary>
    public bool Limits { get; init; } = true;

    /// <summary>Whether a request can cost more than one token.</summary>
    public bool TakesCosts { get; init; } = true;

    /// <summary>Whether it knows a million tenants: those that register their tenants over HTTP are not given so many.</summary>
    public bool KnowsMillion { get; init; } = true;

    /// <summary>Whether tenants are registered with it over HTTP, since it has no store.</summary>
    public bool IsRegistered { get; init; }

    public bool IsLimiter => Name == "limiter";

    public Uri Address => new($"http://127.0.0.1:{Port}");
}
