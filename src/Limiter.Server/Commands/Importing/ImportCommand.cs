using System.CommandLine;
using System.Globalization;
using System.Text;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Importing;

/// <summary><c>import</c> of tenants and of keys: a CSV file, line by line, as often as one likes.</summary>
internal sealed class ImportCommand(IImportKind kind, string description)
{
    private const int ParallelDefault = 16;
    private const int ErrorsDefault = 20;

    private readonly Argument<string> _file = Define.Argument("FILE", "the CSV file, or - for standard input");
    private readonly Option<bool> _dryRun = Define.Flag("--dry-run", "only say what would be done");
    private readonly Option<bool> _continue = Define.Flag("--continue", "pass over lines that fail");
    private readonly Option<long> _parallel = Define.Number(
        "--parallel", "lines done at a time", 1, ServerClient.ConnectionsMax, ParallelDefault);
    private readonly Option<long> _fromLine = Define.Number(
        "--from-line", "begin at this line of the file", 1, int.MaxValue, 1);
    private readonly Option<long> _errors = Define.Number("--errors", "failed lines to show", 0, 10_000, ErrorsDefault);

    public Command In(CommandHost host) => host.Remote(
        "import", description, RunAsync, _file, _dryRun, _continue, _parallel, _fromLine, _errors);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var file = run.Get(_file);
        var options = new ImportOptions(
            (int)run.Get(_parallel), run.Get(_fromLine), run.Get(_continue), run.Get(_dryRun));
        var server = new PatientClient(run.Server);
        var progress = new Progress(run.Screen, run.Clock);
        var gate = new Lock();
        var tally = new ImportTally((int)run.Get(_errors))
        {
            OnError = (line, error) =>
            {
                lock (gate)
                {
                    progress.Clear();
                    if (!run.Json) run.Screen.Error.WriteLine(Plain.Text($"{file}:{line}: {error}"));
                }
            },
        };
        var import = new ImportRun(kind, server, tally, options);
        using var text = Open(file, run.Screen);
        await import.RunAsync(new CsvReader(text), OnLine, cancellation).ConfigureAwait(false);
        progress.Clear();
        var sum = tally.Sum(import.IsStopped, options.GoesOn);
        await ImportReport.WriteAsync(run, kind.Noun, sum, options, progress.Elapsed).ConfigureAwait(false);
        if (import.Failure is { } failure) throw failure;
        cancellation.ThrowIfCancellationRequested();
        return sum.Failed > 0 ? ExitCode.Refused : ExitCode.Done;

        void OnLine()
        {
            lock (gate)
                progress.Tell(elapsed =>
                {
                    var done = tally.Done;
                    return string.Create(CultureInfo.InvariantCulture,
                        $"{done:N0} {kind.Noun}, {done / Math.Max(0.001, elapsed.TotalSeconds):N0} a second");
                });
        }
    }

    private static TextReader Open(string file, Screen screen)
    {
        if (file == "-") return screen.In;
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        try
        {
            return new StreamReader(file, strict, detectEncodingFromByteOrderMarks: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.WrongUsage($"{file}: cannot be read: {failure.Message}");
        }
    }
}
