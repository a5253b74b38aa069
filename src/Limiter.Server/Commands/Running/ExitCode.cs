namespace Limiter.Server.Commands.Running;

/// <summary>How a command ended, for scripts. Part of the surface: never renumber.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The answer is no: denied, refused, invalid, not found, or not all of it was done.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or a file that it names, cannot be understood; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary>The server cannot be reached, does not answer in time, or failed by itself.</summary>
    public const int Unreachable = 3;

    /// <summary>The server does not accept the key for this.</summary>
    public const int NotAuthorised = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM, as shells count it.</summary>
    public const int Interrupted = 130;
}
