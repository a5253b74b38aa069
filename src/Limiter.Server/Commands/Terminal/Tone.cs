namespace Limiter.Server.Commands.Terminal;

/// <summary>How a line is meant; on a terminal its colour.</summary>
internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
    Dim,
}
