using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class HonestyTests
{
    private static World Minute => new(LimitRule.Fixed(World.Name, 60_000), 10);

    [Fact]
    public void An_edge_may_admit_what_it_was_granted_and_no_more()
    {
        var world = Minute;
        world.Limit.Grant(World.Edge, 3);
        world.Limit.Grant(World.Edge + 1, 3);
        world.Spend(0, 3).ShouldBeClean();
        world.Spend(1, 1).ShouldBeCaught(FindingKind.Ungranted);
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(999, false)]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void An_admission_is_dated_when_it_can_have_been(long ms, bool isHonest)
    {
        var world = Minute;
        world.Limit.Grant(World.Edge, 1);
        world.Auditor.Admit(
            new Admission(null, World.Edge, 1, DecisionMode.Leased, World.At(1_500)),
            [new Spending(world.Limit, World.At(ms), World.At(1_000), World.At(2_000))]);
        if (isHonest) world.ShouldBeClean();
        else world.ShouldBeCaught(FindingKind.WrongTime);
    }

    [Fact]
    public void The_slack_against_true_time_is_told()
    {
        var world = Minute;
        world.Limit.Grant(World.Edge, 2);
        foreach (var ms in (long[])[980, 1_030])
            world.Auditor.Admit(
                new Admission(null, World.Edge, 1, DecisionMode.Leased, World.At(1_000)),
                [new Spending(world.Limit, World.At(ms))]);
        world.Auditor.Conclude().Slack.ShouldBe(new TimeSlack(20, 30));
    }

    [Fact]
    public void A_repeated_request_counts_once_in_one_edges_life()
    {
        var world = Minute;
        world.Limit.Grant(World.Edge, 10);
        Repeat(world, World.Edge, checkId: 7);
        Repeat(world, World.Edge, checkId: 7);
        world.Limit.Grant(World.Edge + 1, 5);
        Repeat(world, World.Edge + 1, checkId: 8);
        world.ShouldBeClean();
        Repeat(world, World.Edge, checkId: 9);
        world.Auditor.Conclude().Findings[0].Kind.ShouldBe(FindingKind.CountedTwice);
    }

    [Fact]
    public void A_denial_that_changes_what_is_taken_is_caught()
    {
        var world = Minute;
        world.Auditor.Denied(world.Limit, 9, 9);
        world.ShouldBeClean();
        world.Auditor.Denied(world.Limit, 9, 10);
        world.ShouldBeCaught(FindingKind.DenialChanged);
    }

    [Fact]
    public void A_request_is_judged_by_each_of_its_limits()
    {
        var world = Minute;
        var address = new BucketId(Partition.Ip, default, "::");
        var other = world.Auditor.Open(address, LimitRule.Sliding(World.Name, 60_000), 4);
        world.Limit.Grant(World.Edge, 5);
        other.Grant(World.Edge, 5);
        world.Auditor.Admit(
            new Admission(null, World.Edge, 5, DecisionMode.Exact, World.At(0)),
            [new Spending(world.Limit, World.At(0)), new Spending(other, World.At(9))]);
        world.ShouldBeCaught(FindingKind.OverLimit).Sentence.ShouldStartWith("i::::");
    }

    [Fact]
    public void Findings_are_counted_all_and_kept_up_to_a_bound()
    {
        var world = Minute;
        for (var i = 0; i < 40; i++) world.Auditor.Denied(world.Limit, 0, 1);
        var verdict = world.Auditor.Conclude();
        verdict.FindingsTotal.ShouldBe(40);
        verdict.Findings.Count.ShouldBe(32);
        verdict.ToString().ShouldEndWith("and 8 more");
    }

    [Fact]
    public void What_an_edge_answers_from_its_earlier_life_is_no_second_admission()
    {
        var world = Minute;
        world.Limit.Grant(1, 5);
        Repeat(world, 1, 7);
        Repeat(world, 2, 7);
        world.ShouldBeClean();
    }

    private static void Repeat(World world, int edge, ulong checkId) => world.Auditor.Admit(
        new Admission(null, edge, 5, DecisionMode.Leased, World.At(0), 42, checkId),
        [new Spending(world.Limit, World.At(0))]);
}
