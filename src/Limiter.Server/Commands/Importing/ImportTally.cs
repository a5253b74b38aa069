namespace Limiter.Server.Commands.Importing;

/// <summary>What became of the lines so far, and which are under way. Thread-safe.</summary>
internal sealed class ImportTally(int errorsMax)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _open = [];
    private readonly List<(long Line, string Error)> _errors = [];
    private long _added, _present, _failed, _last, _firstFailed;

    /// <summary>Told of each failed line that is within the bound, in the order in which they fail.</summary>
    public Action<long, string>? OnError { get; init; }

    public long Done
    {
        get { lock (_gate) return _added + _present + _failed; }
    }

    public void Begin(long line)
    {
        lock (_gate)
        {
            _open.Add(line);
            _last = line;
        }
    }

    public void End(long line, LineOutcome outcome)
    {
        lock (_gate)
        {
            _open.Remove(line);
            switch (outcome.Result)
            {
                case LineResult.Added: _added++; return;
                case LineResult.Present: _present++; return;
                default: _failed++; break;
            }
            _firstFailed = _firstFailed == 0 ? line : Math.Min(_firstFailed, line);
            if (_errors.Count == errorsMax) return;
            _errors.Add((line, outcome.Error ?? ""));
        }
        OnError?.Invoke(line, outcome.Error ?? "");
    }

    /// <param name="isStopped">Whether lines were left.</param>
    /// <param name="goesOn">Whether failed lines were passed over.</param>
    public ImportSum Sum(bool isStopped, bool goesOn)
    {
        lock (_gate)
        {
            var first = _open.Count > 0 ? _open.Min : _last + 1;
            if (!goesOn && _firstFailed > 0) first = Math.Min(first, _firstFailed);
            return new ImportSum(_added, _present, _failed, [.. _errors.OrderBy(error => error.Line)],
                isStopped ? first : null);
        }
    }
}

/// <param name="Errors">Failed lines, at most as many as are told.</param>
/// <param name="ResumeAt">When it stopped early: every line before this one is done.</param>
internal sealed record ImportSum(
    long Added, long Present, long Failed, IReadOnlyList<(long Line, string Error)> Errors, long? ResumeAt)
{
    public long Lines => Added + Present + Failed;
}
