using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Entities;

/// <summary>
/// One bucket as a durable entity: loads, lets <see cref="Bucket"/> decide, saves. Nobody can wait for an operation's
/// result, so the answers are read from the state (<see cref="StoredReply"/>). Operations come late, out of order and
/// more than once; each carries what tells that apart. One that throws leaves the state as it was.
/// </summary>
public sealed class BucketEntity(TimeProvider clock) : TaskEntity<BucketEntityState>
{
    public const string EntityName = "bucket";

    [Function(EntityName)]
    public static Task DispatchAsync(
        [EntityTrigger(EntityName = EntityName)] TaskEntityDispatcher dispatcher) =>
        dispatcher.DispatchAsync<BucketEntity>();

    /// <summary>Decides a <see cref="ReserveRequest"/>: settles what it reports, then grants or denies.</summary>
    public void Reserve(byte[] message)
    {
        var (state, answers) = Load();
        var request = RequestCodec.DecodeReserve(message);
        var edge = request.Edge.Value;
        if (answers.TryFind(edge, request.Number, out _) || answers.HasLater(edge, request.Number)) return;
        if (state is not null && Bucket.Recall(state, request) is not null) return;
        var (reply, next) = Bucket.Reserve(state, request, Now());
        // What the bucket remembers is told from the bucket.
        if (StoredReply.IsTold(next, request, reply)) answers.Drop(edge);
        else answers.Add(KeptAnswer.Of(request, reply));
        Save(next, answers);
    }

    /// <summary>Corrects the cost of an earlier check by a <see cref="ChargeRequest"/>.</summary>
    public void Charge(byte[] message)
    {
        var (state, answers) = Load();
        var call = ChargeCall.Decode(message);
        if (answers.TryFind(call.Id, 0, out _)) return;
        var (outcome, next) = Bucket.Charge(state, call.Request, Now());
        answers.Add(KeptAnswer.Of(call.Id, outcome, Now()));
        Save(next, answers);
    }

    /// <summary>Fixes what was charged on a UTC day that is over: once fixed it stays.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    public void CloseDay(long day)
    {
        var (state, _) = Load();
        if (state is null) Leave();
        else if (State.ClosedDay is not { } closed || closed < day)
        {
            var start = new Instant(day * TimeSpan.MillisecondsPerDay);
            if (Now() < start + TimeSpan.MillisecondsPerDay) return;
            (State.ClosedDay, State.Charged) = (day, Bucket.CloseDay(state, start, Now()));
        }
    }

    /// <summary>Deletes the bucket if nothing is left to remember of it; otherwise changes nothing.</summary>
    public void Retire()
    {
        var (state, answers) = Load();
        answers.Forget(Now());
        if (state is null || (answers.Count == 0 && Bucket.IsAtRest(state, Now()))) Leave();
    }

    /// <summary>Takes the place of the platform's own operation, which would give every quota back.</summary>
    public void Delete() => Retire();

    private (BucketState? State, KeptAnswers Answers) Load()
    {
        if (State.V > BucketEntityState.Format)
            throw new BucketFormatException(
                $"A bucket is stored in format {State.V}; this version reads up to {BucketEntityState.Format}.");
        return (State.Bucket is null ? null : BucketCodec.Decode(State.Bucket), KeptAnswers.Read(State.Answers));
    }

    private void Save(BucketState state, KeptAnswers answers)
    {
        answers.Forget(Now());
        State.V = BucketEntityState.Format;
        State.Bucket = BucketCodec.Encode(state);
        State.Answers = answers.Write();
    }

    private void Leave() => State = null!;

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
