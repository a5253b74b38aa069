using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Limiter.Domain.Decisions;
using Limiter.Http.Contract;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Checks;

/// <summary>
/// What a client is told of a decision that does not let its request pass: the contract's own body, a decision where
/// one was asked for, or problem details. The headers are the caller's to write.
/// </summary>
internal static class RefusalAnswer
{
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <param name="context">The request.</param>
    /// <param name="decision">Denied or refused.</param>
    /// <param name="json">Writes to <paramref name="body"/>.</param>
    /// <param name="body">Empty.</param>
    public static Task WriteAsync(
        HttpContext context, Decision decision, Utf8JsonWriter json, ArrayBufferWriter<byte> body)
    {
        var problem = decision.Outcome == Outcome.Refused ? RefusalProblem.From(decision) : null;
        if (problem is not null && !IsOfLimits(decision.Refusal)) return problem.ExecuteAsync(context);
        var status = problem?.Status ?? StatusCodes.Status429TooManyRequests;
        if (DecisionAccept.IsWanted(context.Request))
        {
            DecisionJson.WriteDenied(json, decision);
            return Write(context.Response, status, DecisionJson.MediaType, json, body);
        }
        if (problem is not null) return problem.ExecuteAsync(context);
        if (decision.Policy!.Response.Denied is { } denied)
        {
            DeniedBody.Write(decision, denied, body);
            return Write(context.Response, status, JsonBody.ContentType, json, body);
        }
        QuotaExceeded.Write(json, decision);
        return Write(context.Response, status, Problem.ContentType, json, body);
    }

    public static Task Write(
        HttpResponse response, int status, string contentType, Utf8JsonWriter json, ArrayBufferWriter<byte> body)
    {
        json.Flush();
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method)) response.BodyWriter.Write(body.WrittenSpan);
        return Task.CompletedTask;
    }

    /// <summary>Whether the limits had their say, so that there is a decision to tell.</summary>
    private static bool IsOfLimits(Refusal refusal) => refusal is Refusal.TooManyRecords or Refusal.CostAboveLimit;
}
