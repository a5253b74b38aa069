using System.Text;
using System.Threading.Channels;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Importing;

/// <summary>
/// Reads lines and has a bounded number of them done at a time. It stops at the first that fails, unless it is to go
/// on; what is under way is finished, so that every line before the one it names is done.
/// </summary>
internal sealed class ImportRun(IImportKind kind, PatientClient server, ImportTally tally, ImportOptions options)
{
    private volatile bool _stops;

    /// <summary>Why it ended before the file did, beside a failed line; null otherwise.</summary>
    public CommandFailedException? Failure { get; private set; }

    /// <summary>Whether lines were left.</summary>
    public bool IsStopped => _stops;

    /// <exception cref="CommandFailedException">The header is wrong; nothing was done.</exception>
    /// <remarks>What a worker did not expect ends the run and is thrown, once the others have finished.</remarks>
    public async Task RunAsync(CsvReader csv, Action onLine, CancellationToken cancellation)
    {
        await ReadHeaderAsync(csv, cancellation).ConfigureAwait(false);
        var lines = Channel.CreateBounded<(long Number, ImportLine Line)>(options.Parallel * 2);
        var workers = Enumerable.Range(0, options.Parallel)
            .Select(_ => WorkAsync(lines, onLine, cancellation)).ToArray();
        try
        {
            await FeedAsync(csv, lines.Writer, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _stops = true;
        }
        catch (DecoderFallbackException)
        {
            (Failure, _stops) = (NotUtf8(), true);
        }
        catch (ChannelClosedException)
        {
            // A worker ended before its time; it says why below.
        }
        finally
        {
            lines.Writer.TryComplete();
            await Task.WhenAll(workers).ConfigureAwait(false);
        }
    }

    private async Task ReadHeaderAsync(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            var header = await csv.ReadAsync(cancellation).ConfigureAwait(false);
            var wrong = header is null ? "the file is empty" : header.Error ?? kind.ReadHeader(header.Fields);
            if (wrong is not null) throw CommandFailedException.WrongUsage($"line {header?.Line ?? 1}: {wrong}");
        }
        catch (DecoderFallbackException)
        {
            throw NotUtf8();
        }
    }

    private static CommandFailedException NotUtf8() =>
        CommandFailedException.WrongUsage("the file is not UTF-8 throughout");

    private async Task FeedAsync(
        CsvReader csv, ChannelWriter<(long Number, ImportLine Line)> lines, CancellationToken cancellation)
    {
        while (!_stops && await csv.ReadAsync(cancellation).ConfigureAwait(false) is { } record)
        {
            if (record.Line < options.FromLine) continue;
            tally.Begin(record.Line);
            var (line, error) = record.Error is null ? kind.Read(record.Fields) : (null, record.Error);
            if (line is not null) await lines.WriteAsync((record.Line, line), cancellation).ConfigureAwait(false);
            else Fail(record.Line, error!);
        }
    }

    // Without anybody who takes lines the feeding would wait for ever: a worker that ends takes the channel with it.
    private async Task WorkAsync(
        Channel<(long Number, ImportLine Line)> lines, Action onLine, CancellationToken cancellation)
    {
        try
        {
            var taken = lines.Reader.ReadAllAsync(CancellationToken.None);
            await foreach (var (number, line) in taken.ConfigureAwait(false))
            {
                // What was not begun stays open, and is where to go on.
                if (_stops) continue;
                await DoAsync(number, line).ConfigureAwait(false);
                if (cancellation.IsCancellationRequested) _stops = true;
                onLine();
            }
        }
        catch (Exception failure)
        {
            _stops = true;
            lines.Writer.TryComplete(failure);
            throw;
        }
    }

    // Begun is finished: a line that was cut off in the middle would be neither done nor not.
    private async Task DoAsync(long number, ImportLine line)
    {
        try
        {
            var outcome = options.IsPreview
                ? await line.PreviewAsync(server, CancellationToken.None).ConfigureAwait(false)
                : await line.ApplyAsync(server, CancellationToken.None).ConfigureAwait(false);
            if (outcome.Result == LineResult.Failed) Fail(number, outcome.Error!);
            else tally.End(number, outcome);
        }
        catch (CommandFailedException failure)
        {
            (Failure, _stops) = (failure, true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or FormatException)
        {
            // Text that is half a character, a link that is no address: no server of this kind answers so.
            (Failure, _stops) = (
                new CommandFailedException(
                    ExitCode.Unreachable, $"line {number}: the answer cannot be understood: {failure.Message}"),
                true);
        }
    }

    private void Fail(long line, string error)
    {
        tally.End(line, LineOutcome.Failed(error));
        if (!options.GoesOn) _stops = true;
    }
}

/// <param name="Parallel">Lines done at a time; 1 to 64.</param>
/// <param name="FromLine">Lines before this one are passed over.</param>
/// <param name="GoesOn">Whether a failed line stops nothing.</param>
/// <param name="IsPreview">Whether to only say what would be done.</param>
internal sealed record ImportOptions(int Parallel, long FromLine, bool GoesOn, bool IsPreview);
