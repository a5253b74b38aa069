using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Contract;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Checks;

/// <summary>
/// <c>GET /v1/limits</c>: what is left, without consuming. The query names what a check's fields name; without a path
/// it speaks of every limit that the caller has.
/// </summary>
public sealed class LimitsHandler(Checker checker, TimeProvider clock)
{
    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (TryRead(request.Query, out var check) is { } problem) return problem;
        var decision = new Decision();
        await checker.PeekAsync(check, decision, cancellation).ConfigureAwait(false);
        return decision.Outcome == Outcome.Refused
            ? RefusalProblem.From(decision)
            : JsonBody.Object(StatusCodes.Status200OK, (decision, now: Instant.From(clock.GetUtcNow())),
                static (json, left) => DecisionJson.WriteLimits(json, left.decision, left.now));
    }

    private static Problem? TryRead(IQueryCollection query, out Check check)
    {
        check = default;
        var fields = default(CheckFields);
        foreach (var (name, values) in query)
        {
            var field = CheckFields.Names.Find(name);
            if (field < 0) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            if (fields.Read(field, values[0] ?? "") is { } problem) return problem;
        }
        return fields.TryCombine("GET", "", out check);
    }
}
