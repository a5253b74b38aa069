using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Checks;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Explain;

/// <summary>
/// <c>POST /v1/explain</c>: how a check would be decided and why, without consuming. The body is a check's without an
/// id and without a time to reserve for.
/// </summary>
public sealed class ExplainHandler(Checker checker)
{
    // A check's fields at their own places; these two are the last.
    private static readonly FieldNames Names = new(CheckFields.Names.Names.Remove("id").Remove("reserve"));

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        if (TryRead(body, out var check) is { } problem) return problem;
        var explanation = await checker.ExplainAsync(check, cancellation).ConfigureAwait(false);
        return explanation.Decision.Outcome == Outcome.Refused
            ? RefusalProblem.From(explanation.Decision)
            : JsonBody.Object(StatusCodes.Status200OK, explanation, ExplanationJson.Write);
    }

    private static Problem? TryRead(in RequestBody body, out Check check)
    {
        check = default;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var fields = default(CheckFields);
        if (json.Open())
            while (json.Next(Names, out var field) && fields.Read(ref json, field)) { }
        body.Release();
        return json.Problem ?? fields.TryCombine(null, null, out check);
    }
}
