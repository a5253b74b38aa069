using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>Short words for limits, terms and requests.</summary>
internal static class Make
{
    /// <summary>A whole UTC day, hour and minute: 2026-07-01T00:00:00Z.</summary>
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));

    public static readonly LimitId Minute = Id("minute");
    public static readonly LimitId Other = Id("other");

    public static Instant At(double seconds) => Start + (long)(seconds * 1000);

    public static LimitId Id(string name) => LimitId.TryParse(name, out var id)
        ? id
        : throw new ArgumentException("Not a limit's name.", nameof(name));

    public static LimitRule Sliding(long seconds = 60) => LimitRule.Sliding(Minute, seconds * 1000);

    public static LimitRule Fixed(long seconds = 60) => LimitRule.Fixed(Minute, seconds * 1000);

    public static LimitRule Token(long seconds = 60, int percent = 100) =>
        LimitRule.TokenBucket(Minute, seconds * 1000, percent);

    public static Terms Terms(long version, params ReadOnlySpan<(LimitRule Rule, Schedule Schedule)> limits)
    {
        var list = ImmutableArray.CreateBuilder<LimitTerms>();
        foreach (var (rule, schedule) in limits) list.Add(new LimitTerms(rule, schedule));
        return new Terms(new TermsVersion(1, version), list.DrainToImmutable());
    }

    public static Terms Terms(LimitRule rule, long number) => Terms(1, (rule, Schedule.Constant(number)));

    public static Want Want(long tokens, LimitId? limit = null) => new(limit ?? Minute, tokens, tokens, tokens);

    public static ReserveRequest Ask(
        Terms terms, ulong edge, long number, long received, long lifetimeMs, params ImmutableArray<Want> wants) =>
        new(new EdgeId(edge), number, received, terms, lifetimeMs, [], wants, []);

    public static LeaseReport Report(long opened, ImmutableArray<Spend> spends, long returned = 0) =>
        new(opened, [new LimitReport(Minute, spends, returned)]);

    /// <summary>What a stranger would get at a time: nothing of the state changes.</summary>
    public static ReserveReply Probe(BucketState? state, Terms terms, Instant now, params ImmutableArray<Want> wants) =>
        Bucket.Reserve(state, Ask(terms, 999_999, 1, 0, 0, wants), now).Reply;

    /// <summary>The most tokens of one limit that would be granted at a time; 0 for none.</summary>
    public static long FreeAt(BucketState? state, Terms terms, Instant now, LimitId? limit = null)
    {
        var (low, high) = (0L, 4_000L);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Probe(state, terms, now, Want(middle, limit)).Outcome == ReserveOutcome.Granted) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
