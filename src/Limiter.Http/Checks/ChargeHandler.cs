using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Checks;

/// <summary>
/// <c>POST /v1/charge</c>: corrects the cost of an earlier check, up or down, once; commits a reservation or, with a
/// cost of 0, gives it back.
/// </summary>
public sealed class ChargeHandler(Checker checker, CheckIds checkIds, Func<Policy> policy, TimeProvider clock)
{
    private const int CheckId = 0, Cost = 1;

    /// <summary>Seconds after which to try again while a bucket remembers as many corrections as it may.</summary>
    private const long FullRetrySeconds = 60;

    private static readonly FieldNames Names = new("checkId", "cost");

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TryRead(body, out var text, out var cost);
        body.Release();
        if (problem is not null) return problem;
        if (TryVerify(text, out var admitted) is { } unreadable) return unreadable;
        var bounds = policy().Cost;
        if (!bounds.Contains(cost) && !(cost == 0 && admitted.ReservedUntil is not null))
            return RefusalProblem.CostOutOfBounds(bounds.Min, bounds.Max);
        // Whoever comes too late has it given back, should the process that held it be gone.
        var isOver = admitted.ReservedUntil is { } until && Instant.From(clock.GetUtcNow()) >= until;
        var outcome = await checker.ChargeAsync(admitted, isOver ? 0 : cost, cancellation).ConfigureAwait(false);
        // Settled already, then, and not given back: perhaps at this very cost, by an answer that was lost.
        if (isOver && cost > 0 && outcome == ChargeOutcome.Conflict)
            outcome = await checker.ChargeAsync(admitted, cost, cancellation).ConfigureAwait(false);
        else if (isOver && cost > 0 && outcome is ChargeOutcome.Applied or ChargeOutcome.Repeated) return Ended();
        return Answer(outcome, text, admitted, cost);
    }

    private static Problem? TryRead(in RequestBody body, out string text, out long cost)
    {
        (text, cost) = ("", 0);
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field) && (field == CheckId
                ? json.Text(Names[field], CheckIds.LengthMax, out text)
                : json.Integer(Names[field], CheckFields.CostMust, out cost))) { }
        if (json.Problem is not null) return json.Problem;
        if (!json.Has(CheckId)) return InputProblem.Missing(Names[CheckId]);
        return json.Has(Cost) ? null : InputProblem.Missing(Names[Cost]);
    }

    private Problem? TryVerify(string text, out AdmittedCheck admitted)
    {
        var reading = checkIds.TryRead(text, out admitted);
        if (reading == CheckIdReading.Malformed)
            return Bad(ProblemCode.InvalidCheckId, "This is no check id.");
        if (reading == CheckIdReading.Forged)
            return Bad(ProblemCode.ForgedCheckId, "The check id is not one that this service gave out.");
        var age = Instant.From(clock.GetUtcNow()) - admitted.SpentAt;
        return age > ChargeRequest.LifetimeMs ? Expired() : null;
    }

    private static IResult Answer(ChargeOutcome outcome, string text, AdmittedCheck admitted, long cost) =>
        outcome switch
        {
            // A repetition is answered like the first: whoever repeats has lost that answer.
            ChargeOutcome.Applied or ChargeOutcome.Repeated => JsonBody.Object(
                StatusCodes.Status200OK, (text, cost, charged: cost - admitted.Cost), Write),
            ChargeOutcome.Conflict => new Problem(409, ProblemCode.AlreadyCharged, admitted.ReservedUntil is null
                ? "This check was corrected before, to another cost."
                : "This reservation was settled before: committed at another cost, or given back.")
            {
                Field = Names[Cost],
            },
            ChargeOutcome.Expired => Expired(),
            ChargeOutcome.Full => new Problem(503, ProblemCode.TooManyCharges,
                $"There were {ChargeRequest.RememberedMax} corrections in the last 10 minutes.")
            {
                RetryAfter = FullRetrySeconds,
            },
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    private static void Write(Utf8JsonWriter json, (string Text, long Cost, long Charged) charge)
    {
        json.WriteString("checkId", charge.Text);
        json.WriteNumber("cost", charge.Cost);
        json.WriteNumber("charged", charge.Charged);
    }

    private static Problem Expired() =>
        Bad(ProblemCode.ExpiredCheckId, "A check can be corrected for 10 minutes, and this one is older.");

    private static Problem Ended() => new(410, ProblemCode.ReservationEnded,
        "The reservation's time is over: its cost was given back, and cannot be committed any more.")
    {
        Field = Names[CheckId],
    };

    private static Problem Bad(string code, string detail) => new(400, code, detail) { Field = Names[CheckId] };
}
