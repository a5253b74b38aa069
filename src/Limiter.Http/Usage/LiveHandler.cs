using System.Globalization;
using Limiter.Engine.Usage;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Usage;

/// <summary><c>GET /v1/live</c>: what this process decides, second by second, until the caller goes.</summary>
/// <param name="counts">What it decided so far.</param>
/// <param name="pace">By which seconds pass; null for the system's time, since a manual clock stands.</param>
public sealed class LiveHandler(LiveCounts counts, TimeProvider? pace = null)
{
    /// <summary>Most streams at once; a further one gets 503.</summary>
    public const int StreamsMax = 100;

    /// <summary>Longest stream, in seconds (an hour); its caller begins another.</summary>
    public const int SecondsMax = 3_600;

    private const int RetrySeconds = 60;

    private int _streams;

    internal LiveCounts Counts => counts;

    internal TimeProvider Pace { get; } = pace ?? TimeProvider.System;

    public Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        var seconds = SecondsMax;
        foreach (var (name, values) in request.Query)
        {
            if (name != "seconds") return Task.FromResult<IResult>(InputProblem.Unknown(name));
            if (values.Count != 1) return Task.FromResult<IResult>(InputProblem.Duplicate(name));
            if (!int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                || seconds is < 1 or > SecondsMax)
                return Task.FromResult<IResult>(
                    InputProblem.Invalid(name, $"a whole number from 1 to {SecondsMax}"));
        }
        return Task.FromResult<IResult>(new LiveStream(this, seconds));
    }

    /// <summary>Null, or why there can be no further stream; whoever gets null calls <see cref="End"/>.</summary>
    internal Problem? TryBegin()
    {
        if (Interlocked.Increment(ref _streams) <= StreamsMax) return null;
        End();
        return new Problem(503, ProblemCode.Busy, $"This process serves {StreamsMax} streams already.")
        {
            RetryAfter = RetrySeconds,
        };
    }

    internal void End() => Interlocked.Decrement(ref _streams);
}
