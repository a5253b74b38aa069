using System.Diagnostics;

namespace Edges;

/// <summary>
/// A steady load: each tenant asks in turn, at the same pace whatever the number of edges, and each time of an edge
/// that is drawn at random. Nobody waits for anybody's answer, up to a bound.
/// </summary>
/// <param name="edges">Who is asked.</param>
/// <param name="tenants">How many ask.</param>
/// <param name="perSecond">Checks a second, of all tenants together.</param>
internal sealed class Load(IReadOnlyList<Edge> edges, int tenants, int perSecond)
{
    private const int AtOnceMax = 20_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly Random _draw = new(1);
    private int _next;
    private int _waiting;

    public static string NameOf(int tenant) => $"t{tenant:d5}";

    /// <summary>Asks for so long, and waits for the answers.</summary>
    public async Task RunAsync(TimeSpan duration, Admissions admissions)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pace);
        var asked = 0L;
        for (var elapsed = TimeSpan.Zero; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(began))
        {
            for (; asked < elapsed.TotalSeconds * perSecond && Volatile.Read(ref _waiting) < AtOnceMax; asked++)
                _ = AskAsync(_next++ % tenants, admissions);
            await timer.WaitForNextTickAsync();
        }
        while (Volatile.Read(ref _waiting) > 0) await timer.WaitForNextTickAsync();
    }

    private async Task AskAsync(int tenant, Admissions admissions)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            admissions.Add(tenant, await edges[_draw.Next(edges.Count)].AskAsync(NameOf(tenant)));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
