using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Limiter.Client.Edge;
using Limiter.Client.Web;
using Limiter.Domain.Decisions;
using Limiter.Http.Contract;
using Limiter.Http.Problems;

namespace Limiter.Client.RateLimiting;

/// <summary>What came of a request, as the platform carries it; its middleware disposes it at the end.</summary>
internal sealed class LimiterRateLimitLease : RateLimitLease
{
    /// <summary>Nothing was decided or consumed.</summary>
    public static readonly LimiterRateLimitLease Undecided = new(answer: null, isAcquired: false);

    /// <summary>The request was admitted before, and comes by again.</summary>
    public static readonly LimiterRateLimitLease Again = new(answer: null, isAcquired: true);

    private static readonly string[] Names = [MetadataName.RetryAfter.Name];

    private readonly ClientEdge? _edge;
    private LimiterAnswer? _answer;

    public LimiterRateLimitLease(Problem problem)
        : this(answer: null, isAcquired: false) => Problem = problem;

    public LimiterRateLimitLease(LimiterAnswer answer, ClientEdge edge)
        : this(answer, answer.Decision.Outcome == Outcome.Allowed)
    {
        _edge = edge;
        if (LimitHeaders.MayRetry(answer.Decision))
            RetryAfter = TimeSpan.FromSeconds(answer.Decision.RetryAfterSeconds);
    }

    private LimiterRateLimitLease(LimiterAnswer? answer, bool isAcquired) =>
        (_answer, IsAcquired) = (answer, isAcquired);

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => RetryAfter is null ? [] : Names;

    /// <summary>What is wrong with the request; null when the limits had their say.</summary>
    public Problem? Problem { get; }

    public LimiterAnswer? Answer => _answer;

    private TimeSpan? RetryAfter { get; }

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? RetryAfter : null;
        return metadata is not null;
    }

    [SuppressMessage("Usage", "CA2215", Justification = "The platform's own does nothing.")]
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _answer, null) is not { } answer) return;
        // A request that passed may still come by again, and keeps its answer; the collector has it then.
        if (answer is { TrueCost: { } cost, IsCharged: true }) _edge!.Correct(answer.ToAdmitted(), cost);
        if (!IsAcquired) answer.Return();
    }
}
