namespace Limiter.Server.Demo;

/// <summary>
/// Plays the traffic of the days before now as fast as the server takes it, then goes on with the clock on the wall.
/// </summary>
/// <param name="client">Asks the server, whose clock stands at <see cref="Start"/>.</param>
/// <param name="traffic">What is sent.</param>
/// <param name="wall">The clock on the wall.</param>
/// <param name="output">Told how far it is.</param>
internal sealed class DemoReplay(DemoClient client, DemoTraffic traffic, TimeProvider wall, TextWriter output)
{
    /// <summary>Days before now that are played: the last of them minute by minute.</summary>
    public const int Days = 7;

    /// <summary>
    /// Minutes from one move of the clock to the next, before the last day. What these minutes hold of one tenant is
    /// far below what any plan allows in one.
    /// </summary>
    private const int CoarseMinutes = 5;

    /// <summary>
    /// Minutes of traffic that are sent in each second afterwards: the busiest come near their limits, and over them.
    /// </summary>
    private const int LiveMinutes = 4;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>When the played days begin: at a whole minute.</summary>
    public static DateTimeOffset Start(TimeProvider wall)
    {
        var now = wall.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % Minute.Ticks), TimeSpan.Zero).AddDays(-Days);
    }

    /// <summary>Plays until now, and says what came of it.</summary>
    public async Task PlayAsync(CancellationToken cancellation)
    {
        await client.RegisterAsync(traffic.Tenants, cancellation).ConfigureAwait(false);
        var (start, begun) = (Start(wall), wall.GetTimestamp());
        var (at, sent, denied) = (start, 0, 0);
        for (var day = 1; day <= Days; day++)
        {
            var step = day < Days ? CoarseMinutes : 1;
            for (var end = start.AddDays(day); at < end; at += step * Minute)
            {
                await client.MoveAsync(at, cancellation).ConfigureAwait(false);
                var requests = Span(at, step);
                denied += await client.CheckAsync(requests, cancellation).ConfigureAwait(false);
                sent += requests.Length;
            }
            await output.WriteLineAsync($"  {at.AddDays(-1):ddd d MMM}: {sent} checks so far, {denied} denied")
                .ConfigureAwait(false);
        }
        var took = wall.GetElapsedTime(begun).TotalSeconds;
        await output.WriteLineAsync($"{sent} checks of {Days} days, played in {took:0} s.").ConfigureAwait(false);
    }

    /// <summary>Keeps the server's clock at the wall's and goes on sending, until it is told to stop.</summary>
    public async Task GoOnAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Second, wall);
        var at = Start(wall);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            await client.MoveAsync(wall.GetUtcNow(), cancellation).ConfigureAwait(false);
            await client.CheckAsync(Span(at, LiveMinutes), cancellation).ConfigureAwait(false);
            at += LiveMinutes * Minute;
        }
    }

    /// <summary>The requests of so many minutes; they all come at one moment of the server's clock.</summary>
    private DemoRequest[] Span(DateTimeOffset at, int minutes) => minutes == 1
        ? traffic.At(at)
        : [.. Enumerable.Range(0, minutes).SelectMany(minute => traffic.At(at + (minute * Minute)))];
}
