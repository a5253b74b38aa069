using System.Buffers;
using System.Text;
using System.Text.Json;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class BodyTemplateTests
{
    private static readonly BodyValues Values = new()
    {
        RetryAfterSeconds = 45,
        Limit = 60,
        Remaining = 2,
        LimitName = "minute",
        Cost = 3,
        ResetUnixSeconds = 1_705_312_305,
        Timestamp = new Instant(1_736_937_105_999),
        RequestId = 0x0f3a2b1c,
        WindowSeconds = 3_600,
    };

    [Theory]
    [InlineData("""{}""", """{}""")]
    [InlineData(
        """{ "b": 1.50, "a": [ true, false, null, {} ], /* c */ }""",
        """{"b":1.50,"a":[true,false,null,{}]}""")]
    [InlineData("""{ "a": "{retryAfter}" }""", """{"a":"45"}""")]
    [InlineData("""{ "a": "{retryAfter:number}" }""", """{"a":45}""")]
    [InlineData("""{ "a": "{limit}/{remaining}" }""", """{"a":"60/2"}""")]
    [InlineData("""{ "a": ["{limit:number}", "{remaining:number}"] }""", """{"a":[60,2]}""")]
    [InlineData("""{ "a": "{limitName}", "b": "{cost}", "c": "{cost:number}" }""", """{"a":"minute","b":"3","c":3}""")]
    [InlineData("""{ "a": "{resetUnix}", "b": "{resetUnix:number}" }""", """{"a":"1705312305","b":1705312305}""")]
    [InlineData("""{ "a": "{timestamp}" }""", """{"a":"2025-01-15T10:31:45Z"}""")]
    [InlineData("""{ "a": "req_{requestId}" }""", """{"a":"req_0f3a2b1c"}""")]
    [InlineData("""{ "a": "{window}", "b": "{window:number}" }""", """{"a":"3600","b":3600}""")]
    [InlineData("""{ "a": "{{limit}} {{{limit}}}" }""", """{"a":"{limit} {60}"}""")]
    [InlineData("""{ "a{b": "say \"no\"\n\u00e9 <b>" }""", """{"a{b":"say \"no\"\né <b>"}""")]
    public void A_body_is_written_as_the_file_has_it(string body, string expected) =>
        Write(Compile(body), Values).ShouldBe(expected);

    [Theory]
    [InlineData("a\"b\\c\n\u0001")]
    [InlineData("é😀")]
    [InlineData("")]
    [InlineData(null)]
    public void Any_value_stays_inside_its_text(string? name)
    {
        var written = Write(Compile("""{ "a": "<{limitName}>" }"""), Values with { LimitName = name });

        JsonDocument.Parse(written).RootElement.GetProperty("a").GetString().ShouldBe($"<{name}>");
    }

    [Fact]
    public void Writing_a_body_costs_no_memory()
    {
        var template = ShippedPolicies.Load("waqti").Response.Denied!;
        var output = new ArrayBufferWriter<byte>(4_096);
        template.Write(output, Values);
        output.ResetWrittenCount();

        var before = GC.GetAllocatedBytesForCurrentThread();
        template.Write(output, Values);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
    }

    private static BodyTemplate Compile(string body) =>
        ShippedPolicies.Compile(PolicyText.With(response: $$"""{ "denied": {{body}} }""")).Response.Denied!;

    private static string Write(BodyTemplate template, BodyValues values)
    {
        var output = new ArrayBufferWriter<byte>();
        template.Write(output, values);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
