using System.Text.Json;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Remotes;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Edges;

/// <summary>
/// <c>POST /v1/leases</c>: an edge in another process asks its buckets, many at once. Each request is answered by
/// itself; repeating the whole call changes nothing, since every request carries its edge's number.
/// </summary>
public sealed class LeasesHandler(RemoteEdges remotes)
{
    private const long WaitSeconds = 1;

    /// <summary>The answer to an edge whose calls of any kind are too many.</summary>
    internal static readonly Problem TooMany = new(429, ProblemCode.TooManyCalls,
        "This edge asks too often: at most 200 calls and 20,000 requests a second.") { RetryAfter = WaitSeconds };

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        if (LeasesForm.TryRead(body, out var form) is { } problem) return problem;
        if (!remotes.TryCall(form.Edge, form.Count)) return TooMany;
        // All at once: a store saves the changes of many buckets together.
        var reserves = form.Reserves.Select(async one => (one.Key,
            await ReserveAsync(form.Edge, one.Value.Bucket, one.Value.Request, cancellation).ConfigureAwait(false)))
            .ToArray();
        var charges = form.Charges.Select(async one => (one.Key,
            await ChargeAsync(one.Value.Bucket, one.Value.Request, cancellation).ConfigureAwait(false)))
            .ToArray();
        var answers = new LeasesAnswer(
            remotes.Policy.Generation, await Task.WhenAll(reserves).ConfigureAwait(false),
            await Task.WhenAll(charges).ConfigureAwait(false));
        return JsonBody.Object(StatusCodes.Status200OK, answers, LeasesAnswer.Write);
    }

    private async Task<(RemoteFailure, ReserveReply?)> ReserveAsync(
        EdgeId edge, BucketId bucket, byte[] bytes, CancellationToken cancellation) =>
        TryDecode(bytes, RequestCodec.DecodeReserve) is { } request
            ? await remotes.ReserveAsync(edge, bucket, request, cancellation).ConfigureAwait(false)
            : (RemoteFailure.InvalidRequest, null);

    private async Task<(RemoteFailure, ChargeOutcome?)> ChargeAsync(
        BucketId bucket, byte[] bytes, CancellationToken cancellation) =>
        TryDecode(bytes, RequestCodec.DecodeCharge) is { } request
            ? await remotes.ChargeAsync(bucket, request, cancellation).ConfigureAwait(false)
            : (RemoteFailure.InvalidRequest, null);

    private static T? TryDecode<T>(byte[] bytes, Func<ReadOnlySpan<byte>, T> decode)
        where T : class
    {
        try
        {
            return decode(bytes);
        }
        catch (Exception damage) when (damage is BucketFormatException or ArgumentException or ArithmeticException)
        {
            return null;
        }
    }
}

/// <summary>What came of a call's requests.</summary>
internal readonly record struct LeasesAnswer(
    long Policy, (string Bucket, (RemoteFailure Failure, ReserveReply? Reply) Answer)[] Reserves,
    (string Bucket, (RemoteFailure Failure, ChargeOutcome? Outcome) Answer)[] Charges)
{
    public static void Write(Utf8JsonWriter json, LeasesAnswer answer)
    {
        json.WriteNumber("policy"u8, answer.Policy);
        json.WriteStartObject("reserves"u8);
        foreach (var (bucket, (failure, reply)) in answer.Reserves)
        {
            json.WriteStartObject(bucket);
            if (reply is null) json.WriteString("code"u8, RemoteWords.Of(failure));
            else json.WriteBase64String("reply"u8, ReplyCodec.Encode(reply));
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("charges"u8);
        foreach (var (bucket, (failure, outcome)) in answer.Charges)
        {
            json.WriteStartObject(bucket);
            if (outcome is { } told) json.WriteString("outcome"u8, RemoteWords.Of(told));
            else json.WriteString("code"u8, RemoteWords.Of(failure));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
