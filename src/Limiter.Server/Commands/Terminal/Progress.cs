namespace Limiter.Server.Commands.Terminal;

/// <summary>
/// Tells how far long work is, on the error stream: on a terminal in one line that changes four times a second,
/// elsewhere in a line each ten seconds. Not thread-safe.
/// </summary>
internal sealed class Progress(Screen screen, TimeProvider clock)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly long _started = clock.GetTimestamp();
    private long _told = clock.GetTimestamp();
    private int _width;

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <param name="text">Makes the line; only called when it is time for one.</param>
    public void Tell(Func<TimeSpan, string> text)
    {
        if (clock.GetElapsedTime(_told) < (screen.ErrorIsTerminal ? OnTerminal : Elsewhere)) return;
        _told = clock.GetTimestamp();
        var line = Plain.Text(text(Elapsed));
        if (screen.ErrorIsTerminal) screen.Error.Write("\r" + line.PadRight(_width));
        else screen.Error.WriteLine(line);
        _width = line.Length;
    }

    /// <summary>Takes the changing line away, so that what follows stands alone.</summary>
    public void Clear()
    {
        if (screen.ErrorIsTerminal && _width > 0) screen.Error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }
}
