using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Client;

/// <summary>A secret that is not on the command line, where every process of the machine could read it.</summary>
internal static class SecretFile
{
    public const int CharsMax = 512;

    /// <summary>The first line.</summary>
    /// <param name="option">Who names the file, for errors.</param>
    /// <param name="file">A path, or <c>-</c> for standard input.</param>
    /// <param name="screen">Where standard input is.</param>
    /// <exception cref="CommandFailedException">It cannot be read, or holds no secret.</exception>
    public static string Read(string option, string file, Screen screen)
    {
        try
        {
            using var opened = file == "-" ? null : File.OpenText(file);
            var buffer = new char[CharsMax + 2];
            var length = (opened ?? screen.In).ReadBlock(buffer);
            var text = buffer.AsSpan(0, length);
            var end = text.IndexOfAny('\r', '\n');
            var line = (end < 0 ? text : text[..end]).Trim();
            return line.Length is > 0 and <= CharsMax
                ? line.ToString()
                : throw CommandFailedException.WrongUsage($"{option}: {file}: its first line holds no secret");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.WrongUsage($"{option}: {file}: cannot be read: {failure.Message}");
        }
    }
}
