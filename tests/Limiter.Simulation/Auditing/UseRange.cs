namespace Limiter.Simulation.Auditing;

/// <summary>What one edge admitted for a tenant, and by how much it corrected costs. A mutable value.</summary>
internal struct EdgeUse
{
    public long Requests;
    public long Tokens;

    /// <summary>Costs that turned out higher; at least 0.</summary>
    public long Up;

    /// <summary>Costs that turned out lower; at most 0.</summary>
    public long Down;
}

/// <summary>The least and the most that can have been counted of a tenant's admissions.</summary>
internal readonly record struct UseRange(long RequestsMin, long RequestsMax, long TokensMin, long TokensMax)
{
    /// <summary>All of what an edge did is counted, or any part of it.</summary>
    public UseRange With(in EdgeUse use, bool isWhole) => new(
        RequestsMin + (isWhole ? use.Requests : 0),
        RequestsMax + use.Requests,
        TokensMin + use.Down + (isWhole ? use.Tokens + use.Up : 0),
        TokensMax + use.Tokens + use.Up + (isWhole ? use.Down : 0));

    public bool Holds(long requests, long tokens) =>
        requests >= RequestsMin && requests <= RequestsMax && tokens >= TokensMin && tokens <= TokensMax;
}
