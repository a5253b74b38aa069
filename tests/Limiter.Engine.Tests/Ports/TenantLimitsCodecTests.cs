using System.Collections.Immutable;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Ports;

/// <summary>What stores hold already has to be readable for ever: these texts are those of earlier versions.</summary>
public sealed class TenantLimitsCodecTests
{
    private const string Overrides = """{"day":0,"minute":500}""";
    private const string Adjustments =
        """{"day":{"number":7,"until":5,"reason":"größer"},"minute":{"factorPpm":500000,"until":9,"reason":"a<b"}}""";

    private static readonly ImmutableDictionary<LimitId, Adjustment> Adjusted =
        ImmutableDictionary<LimitId, Adjustment>.Empty
            .Add(Edges.Limit("minute"), new Adjustment(500_000, null, new Instant(9), "a<b"))
            .Add(Edges.Limit("day"), new Adjustment(null, 7, new Instant(5), "größer"));

    [Fact]
    public void Changes_are_written_in_the_order_of_their_names_and_read_again()
    {
        var overrides = ImmutableDictionary<LimitId, long>.Empty
            .Add(Edges.Limit("minute"), 500).Add(Edges.Limit("day"), 0);
        Text(TenantLimitsCodec.Encode(overrides)).ShouldBe(Overrides);
        TenantLimitsCodec.DecodeOverrides(Bytes(Overrides)).ShouldBe(overrides, ignoreOrder: true);
        Text(TenantLimitsCodec.Encode(Adjusted)).ShouldBe(Adjustments);
        TenantLimitsCodec.DecodeAdjustments(Bytes(Adjustments)).ShouldBe(Adjusted, ignoreOrder: true);
    }

    [Fact]
    public void No_change_is_an_empty_object()
    {
        Text(TenantLimitsCodec.Encode(ImmutableDictionary<LimitId, long>.Empty)).ShouldBe("{}");
        TenantLimitsCodec.DecodeAdjustments(Bytes("{}")).ShouldBeEmpty();
        TenantLimitsCodec.DecodeOverrides(Bytes("{ }")).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_escaped_is_read_like_what_was_not()
    {
        var escaped = Adjustments.Replace("ö", "\\u00F6", StringComparison.Ordinal)
            .Replace("<", "\\u003C", StringComparison.Ordinal);
        TenantLimitsCodec.DecodeAdjustments(Bytes(escaped)).ShouldBe(Adjusted, ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"minute":{}}""")]
    [InlineData("""{"minute":{"until":"x","reason":""}}""")]
    [InlineData("""{"no limit":{"number":7,"until":5,"reason":"x"}}""")]
    public void Damage_is_told(string text) =>
        Should.Throw<FormatException>(() => TenantLimitsCodec.DecodeAdjustments(Bytes(text)))
            .Message.ShouldStartWith("a tenant's limits ");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
