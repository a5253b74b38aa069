using Limiter.Domain;

namespace Limiter.Http.Auth;

/// <summary>
/// How often a viewer's link may ask this process: so that a page that is read goes on, and a link that came into
/// wrong hands cannot keep the stores busy. Thread-safe.
/// </summary>
/// <param name="clock">Any clock.</param>
internal sealed class ViewerPace(TimeProvider clock)
{
    /// <summary>Calls a second that a link may make for as long as it likes.</summary>
    public const int CallsASecond = 10;

    /// <summary>Calls at once, after some seconds without: the page's first view asks about thirty questions.</summary>
    public const int CallsAtOnceMax = 60;

    // Links that fall into one place share it. Which do nobody can foretell, since the hash of a process is its own.
    private const int PlacesMax = 65_536;
    private const long CallTicks = TimeSpan.TicksPerSecond / CallsASecond;

    private readonly long _madeAt = clock.GetTimestamp();

    // For each place when all that was asked would be paid off, one call after the other. Half a megabyte, which only
    // a process that a link is shown to needs.
    private long[]? _paidAt;

    /// <summary>Null: the call may go on, and counts. Otherwise whole seconds until one may, at least 1.</summary>
    public long? WaitFor(in Viewer viewer)
    {
        var places = LazyInitializer.EnsureInitialized(ref _paidAt, static () => new long[PlacesMax]);
        ref var place = ref places[unchecked((uint)viewer.GetHashCode()) % PlacesMax];
        var now = clock.GetElapsedTime(_madeAt).Ticks;
        while (true)
        {
            var known = Volatile.Read(ref place);
            var paidAt = Math.Max(known, now) + CallTicks;
            var tooEarly = paidAt - now - (CallsAtOnceMax * CallTicks);
            if (tooEarly > 0) return Ceiling.Divide(tooEarly, TimeSpan.TicksPerSecond);
            if (Interlocked.CompareExchange(ref place, paidAt, known) == known) return null;
        }
    }
}
