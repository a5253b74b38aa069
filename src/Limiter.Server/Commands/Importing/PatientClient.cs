using System.Globalization;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Importing;

/// <summary>Asks a server again when it is busy or out of reach for a moment; what is asked may be repeated.</summary>
internal sealed class PatientClient(ServerClient server)
{
    public const int TriesMax = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="CommandFailedException">
    /// There was no answer at the last try either, or the key is not accepted: no further line would fare better.
    /// </exception>
    public async Task<Answer> SendAsync(Call call, CancellationToken cancellation)
    {
        for (var (tries, pause) = (1, FirstPause); ; tries++, pause *= 2)
        {
            try
            {
                var answer = await server.SendAsync(call, cancellation).ConfigureAwait(false);
                if (answer.ExitCode == ExitCode.NotAuthorised) return answer.OrFail();
                if (answer.ExitCode != ExitCode.Unreachable || tries == TriesMax)
                    return answer.ExitCode == ExitCode.Unreachable ? throw GaveUp(answer) : answer;
            }
            catch (CommandFailedException failure)
                when (failure.ExitCode == ExitCode.Unreachable && failure.Problem is null && tries < TriesMax)
            {
                // Tried again below.
            }
            await Task.Delay(pause, server.Clock, cancellation).ConfigureAwait(false);
        }
    }

    private static CommandFailedException GaveUp(Answer answer) => new(
        ExitCode.Unreachable, string.Create(CultureInfo.InvariantCulture, $"{answer.Why} ({TriesMax} tries)"),
        answer.Body.ValueKind == System.Text.Json.JsonValueKind.Object ? answer.Body : null);
}
