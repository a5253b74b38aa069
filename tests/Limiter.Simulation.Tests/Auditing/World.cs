using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>A world of one limit, made by hand: times are milliseconds after the start of a month.</summary>
internal sealed class World
{
    public const int Edge = 1;

    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    public World(LimitRule rule, long number, Allowance? allowance = null)
    {
        Auditor = new Auditor(allowance ?? new Allowance());
        Limit = Auditor.Open(new BucketId(Partition.Tenant, default, ""), rule, number);
    }

    public static LimitId Name { get; } = LimitId.TryParse("calls", out var id) ? id : default;

    public Auditor Auditor { get; }

    public LimitAccount Limit { get; }

    public static Instant At(long ms) => Start + ms;

    /// <summary>Granted and spent at once.</summary>
    public World Admit(long ms, long tokens)
    {
        Limit.Grant(Edge, tokens);
        return Spend(ms, tokens);
    }

    public World Spend(long ms, long tokens)
    {
        Auditor.Admit(
            new Admission(null, Edge, tokens, DecisionMode.Leased, At(ms)), [new Spending(Limit, At(ms))]);
        return this;
    }

    /// <summary>Spent at a time that is known but for some milliseconds before it.</summary>
    public World Spend(long ms, long tokens, long vagueMs)
    {
        Auditor.Admit(
            new Admission(null, Edge, tokens, DecisionMode.Leased, At(ms)),
            [new Spending(Limit, At(ms), At(ms - vagueMs), At(ms))]);
        return this;
    }

    public World Degrade(long ms, long tokens)
    {
        Auditor.Admit(
            new Admission(null, Edge, tokens, DecisionMode.Degraded, At(ms)), [new Spending(Limit, At(ms))]);
        return this;
    }

    public World Change(long ms, long number)
    {
        Limit.Change(At(ms), number);
        return this;
    }

    public World Recover(long ms, long tokens) => Recover(ms, ms, tokens);

    public World Recover(long admittedMs, long ms, long tokens)
    {
        Limit.Recover(Edge, At(admittedMs), At(ms), tokens);
        return this;
    }

    public World Correct(long spentMs, long ms, long tokens)
    {
        Limit.Correct(At(spentMs), At(ms), tokens);
        return this;
    }

    public World Deny(long ms, long tokens, bool isDegraded = false) => Deny(ms, ms, tokens, isDegraded);

    /// <summary>Denied by its bucket, some time after it had come to its edge.</summary>
    public World Deny(long arrivedMs, long decidedMs, long tokens, bool isDegraded = false)
    {
        Auditor.Deny(At(arrivedMs), At(decidedMs), tokens, [Limit], isDegraded);
        return this;
    }

    public void ShouldBeClean() => Auditor.Conclude().ToString().ShouldBe("all promises kept");

    public Finding ShouldBeCaught(FindingKind kind)
    {
        var verdict = Auditor.Conclude();
        verdict.FindingsTotal.ShouldBe(1, verdict.ToString());
        verdict.Findings[0].Kind.ShouldBe(kind, verdict.ToString());
        return verdict.Findings[0];
    }
}
