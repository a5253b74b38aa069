using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public sealed class UpstreamCostTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("""  "cost": { "max": 10 } """, false)]
    [InlineData("""  "cost": { "max": 10, "fromUpstream": false } """, false)]
    [InlineData("""  "cost": { "max": 10, "fromUpstream": true } """, true)]
    public void An_upstream_is_believed_only_where_the_policy_says_so(string more, bool isBelieved)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(PolicyText.With(more: more)), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        policy!.CostFromUpstream.ShouldBe(isBelieved);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    [InlineData("null")]
    [InlineData("{}")]
    public void It_is_true_or_false(string value)
    {
        var text = PolicyText.With(more: $$""" "cost": { "fromUpstream": {{value}} } """);
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out _, out var errors).ShouldBeFalse();
        var error = errors.ShouldHaveSingleItem();
        error.Path.ShouldBe("$.cost.fromUpstream");
        error.Message.ShouldEndWith("true or false is accepted, without quotes.");
    }
}
