using System.Collections.Immutable;
using System.Text;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Policies;

public sealed class ShadowLimitTests
{
    private const string Limits =
        """
        {
          "minute": { "algorithm": "fixedWindow", "window": "60s" },
          "tried": { "algorithm": "slidingWindow", "window": "60s", "number": 5, "shadow": true },
          "day": { "algorithm": "calendar", "window": "day", "number": 9, "shadow": true },
          "real": { "algorithm": "tokenBucket", "window": "60s", "number": 7, "shadow": false }
        }
        """;

    [Fact]
    public void A_request_is_counted_by_shadow_limits_apart_from_those_that_may_refuse_it()
    {
        var policy = Compile(PolicyText.With(limits: Limits));
        policy.Limits.Select(limit => limit.IsShadow).ShouldBe([false, true, true, false]);
        policy.Endpoints.Otherwise.Demands.ShouldBe([new Demand(0, 0b10011, 0b01100)]);
        policy.Layouts[0].DayLimit.ShouldBeNull();
        var terms = TermsResolver.Resolve(policy, 1, 0, policy.Plans[0], null);
        terms.Limits.Select(limit => limit.IsShadow).ShouldBe([false, false, true, true, false]);
    }

    [Fact]
    public void It_is_true_or_false() => PolicyText.ShouldFail(
        PolicyText.With(limits: """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "shadow": "yes" } }"""),
        "$.limits.minute.shadow", PolicyText.LimitsLine, "true or false is accepted");

    [Fact]
    public void Clients_are_not_told_of_one() => PolicyText.ShouldFail(
        PolicyText.With(
            limits: """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "shadow": true } }""",
            response: """{ "describe": "minute", "denied": {} }"""),
        "$.response.describe", PolicyText.ResponseLine, "a shadow limit, of which clients are not told");

    [Fact]
    public void A_bucket_keeps_that_it_is_one()
    {
        var state = Owe(null, Terms(isShadow: true), 1, 2);
        var read = BucketCodec.Decode(BucketCodec.Encode(state));
        BucketCodec.Encode(read).ShouldBe(BucketCodec.Encode(state));
        // Four edges of two, and five in all.
        for (var edge = 2; edge <= 4; edge++) read = Owe(read, Terms(isShadow: true), edge, 2);
        Make.FreeAt(read, Terms(isShadow: true), Make.Start).ShouldBe(0);
        Make.FreeAt(read, Terms(isShadow: true), Make.At(60)).ShouldBe(5);
    }

    [Fact]
    public void What_is_owed_to_another_limit_is_charged_whole()
    {
        var state = Owe(null, Terms(isShadow: false), 1, 2);
        for (var edge = 2; edge <= 4; edge++) state = Owe(state, Terms(isShadow: false), edge, 2);
        Make.FreeAt(state, Terms(isShadow: false), Make.At(60)).ShouldBe(2);
    }

    private static BucketState Owe(BucketState? state, Terms terms, int edge, long tokens) => Bucket.Reserve(
        state, Make.Ask(terms, (ulong)edge, 1, 0, 0) with { Owed = [new Owed(Make.Minute, tokens)] }, Make.Start).Next;

    private static Terms Terms(bool isShadow) => new(
        new TermsVersion(1, 1),
        [new LimitTerms(Make.Fixed(), Schedule.Constant(5)) { IsShadow = isShadow }]);

    private static Policy Compile(string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out ImmutableArray<PolicyError> errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
