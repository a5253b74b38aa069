using System.Buffers;
using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

/// <summary>The bodies that the five contracts publish, to the byte.</summary>
public class ShippedBodyTests
{
    [Fact]
    public void Workestras_denial() => Denied("workestra").ShouldBe(
        """{"error":"rate_limit_exceeded","message":"API rate limit exceeded. Try again in 45 seconds.","""
        + "\"retry_after\":45}");

    [Fact]
    public void Wundertres_denial() => Denied("wundertre").ShouldBe(
        """{"error":"rate_limit_exceeded","message":"Too many requests. Limit is 60 requests per 60 seconds.","""
        + "\"retry_after\":45}");

    [Fact]
    public void Waqtis_denial() => Denied("waqti").ShouldBe(
        """{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests. Please retry after """
        + """45 seconds."},"meta":{"timestamp":"2025-01-15T10:31:45Z","request_id":"req_rl_9f3a2b1c"}}""");

    [Fact]
    public void Waqtis_exhausted_day_names_the_daily_cap()
    {
        var policy = ShippedPolicies.Load("waqti");

        var body = Write(policy.Response.DeniedBy[policy.FindLimit("day")!.Index], limit: 1_000);

        body.ShouldBe(
            """{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Daily cap of 1000 requests reached. """
            + """Please retry after 45 seconds."},"meta":{"timestamp":"2025-01-15T10:31:45Z","""
            + "\"request_id\":\"req_rl_9f3a2b1c\"}}");
    }

    [Fact]
    public void Lmss_denial() => Denied("lms").ShouldBe(
        """{"error":{"code":"rate_limit_exceeded","message":"API rate limit exceeded. Please retry after """
        + """45 seconds.","retry_after":45}}""");

    [Fact]
    public void Pointss_denial() => Denied("points").ShouldBe(
        """{"error":"rate_limit_exceeded","message":"Point budget exceeded. Try again in 45 seconds.","""
        + "\"retry_after\":45}");

    private static string Denied(string policy) => Write(ShippedPolicies.Load(policy).Response.Denied!, limit: 60);

    private static string Write(BodyTemplate template, long limit)
    {
        var output = new ArrayBufferWriter<byte>();
        template.Write(output, new BodyValues
        {
            RetryAfterSeconds = 45,
            Limit = limit,
            Timestamp = Instant.From(DateTimeOffset.Parse("2025-01-15T10:31:45.999Z", null)),
            RequestId = 0x9f3a2b1c,
        });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
