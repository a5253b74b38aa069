using System.Text.Json;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Engine.Remotes;

namespace Limiter.Client.Remote;

/// <summary>The buckets behind the limiter's <c>POST /v1/leases</c>: reserves of many buckets go in one call.</summary>
internal sealed class RemoteBuckets : IBuckets
{
    private const int RequestsMax = 256;

    private readonly RemoteCalls _calls;
    private readonly Uri _address;
    private readonly string _edge;
    private readonly Batching<JsonElement> _batching;

    public RemoteBuckets(RemoteCalls calls, EdgeId edge)
    {
        (_calls, _address, _edge) = (calls, calls.At("v1/leases"), edge.ToString());
        _batching = new Batching<JsonElement>(RequestsMax, calls.Pace, CallAsync);
    }

    /// <summary>Told the generation of the policy in force with every answer; never null.</summary>
    public Action<long> OnPolicy { get; set; } = static _ => { };

    /// <summary>Told of a tenant that has no such bucket: what is known of it is out of date. Never null.</summary>
    public Action<TenantId> OnUnknown { get; set; } = static _ => { };

    public async ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        var question = NewQuestion(bucket, RequestCodec.Encode(request), isCharge: false);
        var answer = Answered(bucket, await _batching.AskAsync(question).ConfigureAwait(false));
        try
        {
            var reply = ReplyCodec.Decode(answer.GetProperty("reply"u8).GetBytesFromBase64());
            if (ReplyBounds.IsPossible(reply, request)) return reply;
        }
        catch (Exception garbage) when (IsGarbage(garbage))
        {
            throw new BucketsUnavailableException($"The limiter's reply for {bucket} cannot be read.", garbage);
        }
        throw new BucketsUnavailableException($"The limiter's reply for {bucket} is none to what was asked.");
    }

    public async ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        var question = NewQuestion(bucket, RequestCodec.Encode(request), isCharge: true);
        var answer = Answered(bucket, await _batching.AskAsync(question).ConfigureAwait(false));
        return answer.TryGetProperty("outcome"u8, out var outcome) && outcome.ValueKind == JsonValueKind.String
            && RemoteWords.OutcomeOf(outcome.GetString()) is { } told
            ? told
            : throw new BucketsUnavailableException($"The limiter's answer for {bucket} cannot be read.");
    }

    private Question<JsonElement> NewQuestion(BucketId bucket, byte[] request, bool isCharge) =>
        new(bucket.Encode(), request, _calls.Continuing)
        {
            IsSecond = isCharge,
            Telling = static failure =>
                failure is RemoteException ? new BucketsUnavailableException(failure.Message, failure) : failure,
        };

    private JsonElement Answered(BucketId bucket, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            throw new BucketsUnavailableException($"The limiter's answer for {bucket} is no object.");
        if (!answer.TryGetProperty("code"u8, out var code)) return answer;
        var word = code.ValueKind == JsonValueKind.String ? code.GetString() : null;
        var known = RemoteWords.FailureOf(word);
        if (known == RemoteFailure.UnknownBucket) OnUnknown(bucket.Tenant);
        // What concerns one bucket says nothing of the others.
        throw known is RemoteFailure.UnknownBucket or RemoteFailure.Damaged or RemoteFailure.InvalidRequest
            ? new BucketFailedException($"The limiter has no answer for {bucket}: {word}.")
            : new BucketsUnavailableException($"The limiter has no answer for {bucket}: {word}.");
    }

    private async Task CallAsync(IReadOnlyList<Question<JsonElement>> batch)
    {
        using var answered = await _calls.PostAsync(_address, json =>
        {
            json.WriteString("edge"u8, _edge);
            Write(json, "reserves", batch, second: false);
            Write(json, "charges", batch, second: true);
        }, CancellationToken.None).ConfigureAwait(false);
        if (answered.Failure is { } failure) foreach (var question in batch) question.Fail(failure);
        if (answered.Answer is { } answer) Answer(batch, answer.RootElement);
    }

    private void Answer(IReadOnlyList<Question<JsonElement>> batch, JsonElement root)
    {
        foreach (var question in batch)
            if (root.TryGetProperty(question.IsSecond ? "charges"u8 : "reserves"u8, out var answers)
                && answers.ValueKind == JsonValueKind.Object && answers.TryGetProperty(question.Name, out var one))
                question.TrySetResult(one.Clone());
        if (root.TryGetProperty("policy"u8, out var policy) && policy.TryGetInt64(out var generation))
            OnPolicy(generation);
    }

    private static void Write(
        Utf8JsonWriter json, string name, IReadOnlyList<Question<JsonElement>> questions, bool second)
    {
        json.WriteStartObject(name);
        foreach (var question in questions)
            if (question.IsSecond == second) question.Write(json);
        json.WriteEndObject();
    }

    private static bool IsGarbage(Exception failure) => failure
        is BucketFormatException or KeyNotFoundException or InvalidOperationException or FormatException
        or ArithmeticException or ArgumentException;
}
