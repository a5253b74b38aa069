using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Contract;
using Limiter.Http.Json;
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

    private readonly CheckResults _pool;
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly ArrayBufferWriter<byte> _id = new(256);
    private readonly Utf8JsonWriter _json;

    public CheckResult(CheckResults pool)
    {
        _pool = pool;
        _json = new Utf8JsonWriter(_body, RefusalAnswer.Options);
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
        var executing = Decision.Outcome == Outcome.Allowed
            ? WriteAllowed(httpContext.Response)
            : RefusalAnswer.WriteAsync(httpContext, Decision, _json, _body);
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
        return RefusalAnswer.Write(response, StatusCodes.Status200OK, JsonBody.ContentType, _json, _body);
    }
}
