using System.Net;
using Limiter.Domain;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Clock;

/// <summary>
/// <c>GET PUT /dev/clock</c>: the server's clock, for trying a client's retries without waiting. Mapped in Development
/// only, and answers this machine only.
/// </summary>
/// <param name="clock">The server's clock; it can be moved when it is a <see cref="ManualClock"/>.</param>
/// <param name="checker">Decides by that clock.</param>
/// <param name="catchUp">Does what timers by that clock have become due for.</param>
public sealed class ClockHandler(TimeProvider clock, Checker checker, Func<CancellationToken, Task> catchUp)
{
    /// <summary>Furthest that one call moves the clock, in seconds.</summary>
    public const long AdvanceSecondsMax = 10L * 366 * 24 * 60 * 60;

    private const int NowField = 0, AdvanceField = 1;
    private const int TimeLengthMax = 40;

    private static readonly FieldNames Names = new("now", "advanceSeconds");

    private readonly ClockSteps? _steps = clock is ManualClock manual ? new ClockSteps(manual, checker, catchUp) : null;

    public Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult<IResult>(IsLocal(request) ? Show() : NotFound());

    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!IsLocal(request)) return NotFound();
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TryRead(body, out var move);
        body.Release();
        if (problem is not null) return problem;
        if (_steps is null)
            return new Problem(409, ProblemCode.ClockIsSystem,
                "The server runs on the system's clock: --clock manual.");
        return await MoveAsync(_steps, move, cancellation).ConfigureAwait(false);
    }

    private Problem? TryRead(in RequestBody body, out Move move)
    {
        move = default;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var text = "";
        long seconds = 0;
        if (json.Open())
            while (json.Next(Names, out var field) && (field == NowField
                ? json.Text(Names[field], TimeLengthMax, out text)
                : json.Integer(Names[field], 0, AdvanceSecondsMax, out seconds))) { }
        if (json.Problem is not null) return json.Problem;
        if (json.Has(NowField) == json.Has(AdvanceField))
            return InputProblem.Conflicting(Names[NowField], "Give either the time or the seconds to advance.");
        if (json.Has(AdvanceField))
        {
            move = new Move(null, seconds);
            return null;
        }
        if (!IsoTime.TryParse(text, out var to))
            return InputProblem.Invalid(Names[NowField], "a time such as 2026-01-01T12:00:00Z");
        move = new Move(to, 0);
        return to - Instant.From(clock.GetUtcNow()) > AdvanceSecondsMax * 1000
            ? InputProblem.Invalid(Names[NowField], "at most ten years ahead")
            : null;
    }

    private async Task<IResult> MoveAsync(ClockSteps steps, Move move, CancellationToken cancellation)
    {
        try
        {
            // Due timers run here, each at its own time, before the answer.
            await steps.MoveAsync(() => move.From(clock.GetUtcNow()), cancellation).ConfigureAwait(false);
            return Show();
        }
        catch (ArgumentOutOfRangeException)
        {
            return new Problem(400, ProblemCode.ClockBackwards, "The clock never moves backwards.")
            {
                Field = Names[NowField],
            };
        }
    }

    private JsonBody Show() => JsonBody.Object(StatusCodes.Status200OK, Instant.From(clock.GetUtcNow()),
        static (json, now) => json.WriteString("now", IsoTime.Format(now)));

    /// <summary>A time, or seconds from what the clock shows when the move begins.</summary>
    private readonly record struct Move(Instant? To, long Seconds)
    {
        public TimeSpan From(DateTimeOffset now) =>
            To is { } to ? to.ToDateTimeOffset() - now : TimeSpan.FromSeconds(Seconds);
    }

    private static bool IsLocal(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static Problem NotFound() => new(404, ProblemCode.NotFound, "There is nothing at this path.");
}
