using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;

namespace Limiter.Simulation.Tests.Running;

public sealed class WorldTests
{
    /// <summary>More than 300 in all.</summary>
    private const int WorldsPerScenario = 15;

    private const ulong FirstSeed = 1_000;

    public static TheoryData<string> Scenarios => new(Catalogue.All.Select(scenario => scenario.Name));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_world_keeps_every_promise(string name)
    {
        var scenario = Catalogue.Find(name);
        for (var seed = FirstSeed; seed < FirstSeed + WorldsPerScenario; seed++)
        {
            var result = new World(scenario, seed).Run();
            result.IsClean.ShouldBeTrue(result.ToString());
            result.Sent.ShouldBeGreaterThanOrEqualTo(World.ChecksMin, result.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_seed_tells_the_whole_course_of_a_world(string name)
    {
        var first = new World(Catalogue.Find(name), 7).Run();
        var second = new World(Catalogue.Find(name), 7).Run();
        second.Digest.ShouldBe(first.Digest);
        second.Checks.ShouldBe(first.Checks);
    }

    [Fact]
    public void Another_seed_is_another_world() =>
        new World(Catalogue.Find("steady"), 8).Run().Digest
            .ShouldNotBe(new World(Catalogue.Find("steady"), 7).Run().Digest);

    [Fact]
    public void Every_seed_has_a_scenario_and_every_scenario_seeds() =>
        Enumerable.Range(0, Catalogue.All.Count).Select(seed => Catalogue.Of((ulong)seed)).Distinct()
            .Count().ShouldBe(Catalogue.All.Count);
}
