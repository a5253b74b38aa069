using Limiter.Simulation.Breaking;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;

namespace Limiter.Simulation.Tests.Breaking;

public sealed class BreakageTests
{
    private const int WorldsMax = 200;

    public static TheoryData<string> All => new(Breakages.All.Select(breakage => breakage.Name));

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_broken_on_purpose_is_found_out(string name)
    {
        var broken = Breakages.Find(name);
        var scenario = Catalogue.Find(broken.Scenario);
        for (var seed = 1UL; seed <= WorldsMax; seed++)
            if (!new World(scenario, seed, broken: broken).Run().Verdict.IsClean) return;
        Assert.Fail($"{name} was not found out in {WorldsMax} worlds.");
    }

    // Else the worlds in which it shows would tell nothing of what is broken in them.
    [Theory]
    [MemberData(nameof(All))]
    public void The_same_worlds_are_clean_when_nothing_is_broken(string name)
    {
        var broken = Breakages.Find(name);
        var whole = broken with { NewRule = null, Clock = static real => real, ForgetsRows = 0 };
        for (var seed = 1UL; seed <= 2; seed++)
        {
            var result = new World(Catalogue.Find(broken.Scenario), seed, broken: whole).Run();
            result.IsClean.ShouldBeTrue(result.ToString());
        }
    }
}
