namespace Limiter.Processes.Tests.Logs;

/// <summary>All that the clients of some processes saw. Thread-safe.</summary>
internal sealed class AnswerLog
{
    /// <summary>Most checks of one scenario.</summary>
    public const int AnswersMax = 50_000;

    private readonly List<LoggedAnswer> _answers = [];

    public int Count
    {
        get
        {
            lock (_answers) return _answers.Count;
        }
    }

    public void Add(LoggedAnswer answer)
    {
        lock (_answers)
        {
            if (_answers.Count >= AnswersMax) throw new InvalidOperationException("The scenario has too many checks.");
            _answers.Add(answer);
        }
    }

    /// <summary>What was logged so far, from a place on.</summary>
    public IReadOnlyList<LoggedAnswer> From(int place)
    {
        lock (_answers) return _answers[place..];
    }

    public long Admitted(string tenant) => From(0)
        .Where(answer => answer.Tenant == tenant && answer.Fate == Fate.Allowed)
        .Sum(answer => answer.Cost);
}
