using Limiter.Engine.Checks;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Checks;

/// <summary><c>POST /v1/check</c>: decides about one request and charges it.</summary>
/// <remarks>
/// A check whose body came with its headers and whose leases are held runs through here without waiting, so each step
/// has a short way for that and a long one with a state machine for the rest.
/// </remarks>
public sealed class CheckHandler(Checker checker, CheckResults results)
{
    public Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var reading = RequestBody.ReadAsync(request, cancellation);
        return reading.IsCompletedSuccessfully
            ? DecideAsync(reading.Result, cancellation)
            : AwaitBodyAsync(reading, cancellation);
    }

    internal static Problem? TryRead(in RequestBody body, out Check check)
    {
        check = default;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var fields = default(CheckFields);
        if (json.Open())
            while (json.Next(CheckFields.Names, out var field) && fields.Read(ref json, field)) { }
        body.Release();
        return json.Problem ?? fields.TryCombine(null, null, out check);
    }

    private async Task<IResult> AwaitBodyAsync(ValueTask<RequestBody> reading, CancellationToken cancellation) =>
        await DecideAsync(await reading.ConfigureAwait(false), cancellation).ConfigureAwait(false);

    private Task<IResult> DecideAsync(in RequestBody body, CancellationToken cancellation)
    {
        if (TryRead(body, out var check) is { } problem) return Task.FromResult<IResult>(problem);
        var result = results.Rent();
        var checking = checker.CheckAsync(check, result.Decision, cancellation);
        if (!checking.IsCompletedSuccessfully) return AwaitDecisionAsync(checking, result);
        checking.GetAwaiter().GetResult();
        return result.Completed;
    }

    private static async Task<IResult> AwaitDecisionAsync(ValueTask checking, CheckResult result)
    {
        await checking.ConfigureAwait(false);
        return result;
    }
}
