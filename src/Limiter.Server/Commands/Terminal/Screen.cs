namespace Limiter.Server.Commands.Terminal;

/// <summary>Where a command reads and writes, and what that place understands.</summary>
/// <param name="Out">The answer.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="In">What is given by a pipe.</param>
internal sealed record Screen(TextWriter Out, TextWriter Error, TextReader In)
{
    /// <summary>Whether a person sees the answer as it comes.</summary>
    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool InIsTerminal { get; init; }

    /// <summary>Colours on the answer: only on a terminal, and not where NO_COLOR is set (no-color.org).</summary>
    public bool HasColours { get; init; }

    /// <summary>Lines that a live table may take.</summary>
    public int Height { get; init; } = 24;

    public static Screen OfConsole(Func<string, string?> environment)
    {
        var isTerminal = !Console.IsOutputRedirected;
        var isDumb = environment("TERM") == "dumb";
        return new Screen(Console.Out, Console.Error, Console.In)
        {
            OutIsTerminal = isTerminal && !isDumb,
            ErrorIsTerminal = !Console.IsErrorRedirected && !isDumb,
            InIsTerminal = !Console.IsInputRedirected,
            HasColours = isTerminal && !isDumb && string.IsNullOrEmpty(environment("NO_COLOR")),
            Height = isTerminal ? Math.Clamp(Console.WindowHeight, 10, 200) : 24,
        };
    }
}
