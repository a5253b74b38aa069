using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>What was counted is what was admitted, but for what edges took with them.</summary>
public sealed class UsageTests
{
    private const int Other = 2;
    private const long DayMs = 86_400_000;

    private readonly World _world = new(
        LimitRule.Calendar(World.Name, CalendarPeriod.Day), 1_000);
    private readonly TenantAccount _tenant;

    public UsageTests() => _tenant = _world.Auditor.Open(TenantId.TryParse("acme", out var id) ? id : default);

    [Theory]
    [InlineData(2, 8, true)]
    [InlineData(2, 7, false)]
    [InlineData(2, 9, false)]
    [InlineData(1, 8, false)]
    public void Usage_is_what_was_admitted_as_corrected(long requests, long tokens, bool isClean)
    {
        Admit(World.Edge, 5);
        Admit(Other, 5);
        _tenant.Correct(World.Edge, -2);
        Judge(requests, tokens, isClean);
    }

    [Theory]
    [InlineData(2, 10, true)]
    [InlineData(1, 4, true)]
    [InlineData(1, 3, false)]
    [InlineData(0, 4, false)]
    [InlineData(2, 11, false)]
    public void What_an_edge_took_with_it_may_be_counted_or_not(long requests, long tokens, bool isClean)
    {
        Admit(World.Edge, 4);
        Admit(Other, 6);
        _world.Auditor.Uncounted(Other);
        Judge(requests, tokens, isClean);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(6, false)]
    public void A_correction_without_an_answer_may_be_counted_or_not(long tokens, bool isClean)
    {
        Admit(World.Edge, 5);
        _tenant.Doubt(-3, isUp: false);
        _tenant.Doubt(4, isUp: true);
        _tenant.Doubt(-4, isUp: true);
        Judge(1, tokens, isClean);
    }

    [Fact]
    public void Usage_that_is_wrong_says_what_could_have_been_counted()
    {
        Admit(World.Edge, 5);
        _world.Auditor.RolledUp(_tenant, 1, 4);
        _world.ShouldBeCaught(FindingKind.WrongUsage).Sentence.ShouldBe(
            "acme: 1 requests of 4 tokens were rolled up, 1 to 1 of 5 to 5 can have been counted.");
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(9, true)]
    [InlineData(6, false)]
    [InlineData(10, false)]
    public void A_day_is_charged_what_was_admitted_and_at_most_what_was_lost_besides(long charged, bool isClean)
    {
        _world.Admit(1, 4).Recover(2, 3).Admit(DayMs, 50);
        _world.Limit.Lose(World.Edge, World.At(3), 2);
        _world.Auditor.DaysClosed(_tenant, new HashSet<Instant> { World.Start }, charged, [_world.Limit]);
        _world.Degrade(4, 3);
        if (isClean) _world.ShouldBeClean();
        else _world.ShouldBeCaught(FindingKind.WrongUsage);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void A_lease_that_ended_with_its_day_was_lost_on_that_day(long charged, bool isClean)
    {
        _world.Admit(1, 4);
        _world.Limit.Lose(World.Edge, World.At(DayMs), 2);
        _world.Limit.Lose(World.Edge, World.At(DayMs + 1), 1);
        _world.Auditor.DaysClosed(_tenant, new HashSet<Instant> { World.Start }, charged, [_world.Limit]);
        if (isClean) _world.ShouldBeClean();
        else _world.ShouldBeCaught(FindingKind.WrongUsage);
    }

    private void Admit(int edge, long tokens)
    {
        _world.Limit.Grant(edge, tokens);
        _world.Auditor.Admit(
            new Admission(_tenant, edge, tokens, DecisionMode.Exact, World.At(0)),
            [new Spending(_world.Limit, World.At(0))]);
    }

    private void Judge(long requests, long tokens, bool isClean)
    {
        _world.Auditor.RolledUp(_tenant, requests, tokens);
        if (isClean) _world.ShouldBeClean();
        else _world.ShouldBeCaught(FindingKind.WrongUsage);
    }
}
