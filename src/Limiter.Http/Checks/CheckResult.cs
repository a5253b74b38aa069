using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Contract;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Checks;

/// <summary>
/// The answer to one check: a decision, and the buffers in which its answer is written. It belongs to a pool and goes
/// back by itself after it was executed, which therefore happens at most once; one that is never executed is left to
/// the collector.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer of ours holds nothing to dispose.")]
internal sealed class CheckResult : IResult
{
    /// <summary>A buffer that grew beyond this many bytes is not kept.</summary>
    private const int KeptBytesMax = 8 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly CheckResults _pool;
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly ArrayBufferWriter<byte> _id = new(256);
    private readonly Utf8JsonWriter _json;

    public CheckResult(CheckResults pool)
    {
        _pool = pool;
        _json = new Utf8JsonWriter(_body, Options);
        Completed = Task.FromResult<IResult>(this);
    }

    public Decision Decision { get; } = new();

    /// <summary>This answer as a task that is complete, made once.</summary>
    public Task<IResult> Completed { get; }

    /// <summary>Whether the buffers are of a size to keep.</summary>
    public bool IsKept => _body.Capacity <= KeptBytesMax;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        LimitHeaders.From(Decision).ApplyTo(httpContext.Response.Headers);
        var executing = Decision.Outcome switch
        {
            Outcome.Allowed => WriteAllowed(httpContext.Response),
            Outcome.Denied => WriteDenied(httpContext),
            _ when IsOfLimits(Decision.Refusal) && DecisionAccept.IsWanted(httpContext.Request) =>
                WriteDecision(httpContext.Response, RefusalProblem.From(Decision).Status),
            _ => RefusalProblem.From(Decision).ExecuteAsync(httpContext),
        };
        _pool.Return(this);
        return executing;
    }

    public void Clear()
    {
        Decision.Clear();
        _body.ResetWrittenCount();
        _id.ResetWrittenCount();
        _json.Reset(_body);
    }

    private Task WriteAllowed(HttpResponse response)
    {
        // What cost nothing has no cost to correct.
        if (Decision.Rule is not { IsExempt: true }) _pool.CheckIds.Write(AdmittedCheck.Of(Decision), _id);
        DecisionJson.WriteAllowed(_json, Decision, _id.WrittenSpan);
        _json.Flush();
        return Write(response, StatusCodes.Status200OK, JsonBody.ContentType);
    }

    private Task WriteDenied(HttpContext context)
    {
        const int status = StatusCodes.Status429TooManyRequests;
        if (DecisionAccept.IsWanted(context.Request)) return WriteDecision(context.Response, status);
        if (Decision.Policy!.Response.Denied is not { } body)
        {
            QuotaExceeded.Write(_json, Decision);
            _json.Flush();
            return Write(context.Response, status, Problem.ContentType);
        }
        DeniedBody.Write(Decision, body, _body);
        return Write(context.Response, status, JsonBody.ContentType);
    }

    private Task WriteDecision(HttpResponse response, int status)
    {
        DecisionJson.WriteDenied(_json, Decision);
        _json.Flush();
        return Write(response, status, DecisionJson.MediaType);
    }

    /// <summary>Whether the limits had their say, so that there is a decision to tell.</summary>
    private static bool IsOfLimits(Refusal refusal) => refusal is Refusal.TooManyRecords or Refusal.CostAboveLimit;

    private Task Write(HttpResponse response, int status, string contentType)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = _body.WrittenCount;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method)) response.BodyWriter.Write(_body.WrittenSpan);
        return Task.CompletedTask;
    }
}
