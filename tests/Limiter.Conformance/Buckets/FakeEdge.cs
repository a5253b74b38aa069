using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

/// <summary>
/// An edge that asks one bucket for exactly what it spends at once, and reports it with its next request.
/// </summary>
internal sealed class FakeEdge(IBuckets buckets, BucketId bucket, Terms terms, ulong id)
{
    private ReserveReply? _last;
    private ReserveRequest? _sent;
    private long _lastGranted;

    /// <summary>Tokens that it was granted, and spent, so far.</summary>
    public long Spent { get; private set; }

    /// <summary>Asks for tokens of the limit <c>minute</c>.</summary>
    public ValueTask<ReserveReply> ReserveAsync(long tokens)
    {
        var reports = _last is { Opened: > 0 } reply && reply.Limits[Requests.Minute].Granted is > 0 and var granted
            ? ImmutableArray.Create(new LeaseReport(
                reply.Opened, [new LimitReport(Requests.MinuteId, [new Spend(reply.Now, granted)], 0)]))
            : [];
        _sent = Requests.Reserve(id, (_sent?.Number ?? 0) + 1, terms, tokens) with
        {
            LastReceived = _last?.Number ?? 0,
            LastGranted = _lastGranted,
            Reports = reports,
        };
        return SendAsync();
    }

    /// <summary>Sends the last request once more, as a network might.</summary>
    public ValueTask<ReserveReply> RepeatAsync() =>
        buckets.ReserveAsync(bucket, _sent!, TestContext.Current.CancellationToken);

    private async ValueTask<ReserveReply> SendAsync()
    {
        var reply = await RepeatAsync();
        if (reply.Outcome == ReserveOutcome.Granted)
        {
            Spent += reply.Limits[Requests.Minute].Granted;
            _lastGranted = reply.Number;
        }
        _last = reply;
        return reply;
    }
}
