using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Checks;
using Limiter.Http.Contract;
using Microsoft.AspNetCore.Http;

namespace Limiter.Client.Web;

/// <summary>
/// What was decided about one request, kept while it lasts: so that nothing decides about it again, and its cost can be
/// corrected. Belongs to a pool.
/// </summary>
internal sealed class LimiterAnswer
{
    /// <summary>About the most that are kept while none is in use.</summary>
    private const int KeptMax = 1_024;

    private static readonly ConcurrentQueue<LimiterAnswer> Free = new();
    private static int _free;

    // Most requests begin and end on one thread: they share nothing with those of other threads.
    [ThreadStatic]
    private static LimiterAnswer? _own;

    private ArrayBufferWriter<byte>? _body;
    private Utf8JsonWriter? _json;

    private LimiterAnswer()
    {
    }

    public Decision Decision { get; } = new();

    /// <summary>What the request cost in truth; null: what it was charged.</summary>
    public long? TrueCost { get; set; }

    /// <summary>Charged, and to somebody: then its cost can be corrected.</summary>
    public bool IsCharged => Decision is { Outcome: Outcome.Allowed, Rule: { IsExempt: false } };

    public static LimiterAnswer Rent()
    {
        if (_own is { } own)
        {
            _own = null;
            return own;
        }
        if (!Free.TryDequeue(out var answer)) return new LimiterAnswer();
        Interlocked.Decrement(ref _free);
        return answer;
    }

    /// <summary>What was decided of a request; null when nothing was yet.</summary>
    public static LimiterAnswer? Of(HttpContext context) => context.Feature<LimiterAnswer>();

    /// <summary>Keeps it with its request; null: lets it go.</summary>
    public static void Keep(HttpContext context, LimiterAnswer? answer) =>
        context.Features[typeof(LimiterAnswer)] = answer;

    // Whoever decides clears the decision first.
    public void Return()
    {
        TrueCost = null;
        if (_own is null)
        {
            _own = this;
            return;
        }
        if (Volatile.Read(ref _free) >= KeptMax) return;
        Interlocked.Increment(ref _free);
        Free.Enqueue(this);
    }

    public void ApplyHeaders(HttpResponse response) => LimitHeaders.From(Decision).ApplyTo(response.Headers);

    /// <summary>Writes the contract's refusal.</summary>
    public Task RefuseAsync(HttpContext context, string path)
    {
        if (Decision.Refusal == Refusal.InvalidPath) return LimiterRequest.ProblemOf(path).ExecuteAsync(context);
        ApplyHeaders(context.Response);
        _body ??= new ArrayBufferWriter<byte>(512);
        _body.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_body, RefusalAnswer.Options);
        _json.Reset(_body);
        return RefusalAnswer.WriteAsync(context, Decision, _json, _body);
    }

    /// <summary>The admission, as a correction names it.</summary>
    public AdmittedCheck ToAdmitted() => AdmittedCheck.Of(Decision);
}
