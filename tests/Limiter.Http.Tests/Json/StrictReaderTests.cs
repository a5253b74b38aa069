using System.Buffers;
using System.Text;
using Limiter.Engine.Checks;
using Limiter.Http.Checks;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tests.Json;

public sealed class StrictReaderTests
{
    [Theory]
    [InlineData("", "malformed_json", null)]
    [InlineData("null", "malformed_json", null)]
    [InlineData("[]", "malformed_json", null)]
    [InlineData("{", "malformed_json", null)]
    [InlineData("""{"method":"GET","path":"/"} x""", "malformed_json", null)]
    [InlineData("""{"method":"GET","path":"/"}{}""", "malformed_json", null)]
    [InlineData("""{"method":"GET",/*c*/"path":"/"}""", "malformed_json", null)]
    [InlineData("""{"method":"GET","path":"/",}""", "malformed_json", null)]
    [InlineData("""{"method":"GET","path":"/","Cost":1}""", "unknown_field", "Cost")]
    [InlineData("""{"method":"GET","path":"/","method":"GET"}""", "duplicate_field", "method")]
    [InlineData("""{"method":"GET","path":"/","m\u0065thod":"GET"}""", "duplicate_field", "method")]
    [InlineData("""{"path":"/"}""", "missing_field", "method")]
    [InlineData("""{"method":"GET"}""", "missing_field", "path")]
    [InlineData("""{"method":null,"path":"/"}""", "invalid_field", "method")]
    [InlineData("""{"method":"","path":"/"}""", "invalid_field", "method")]
    [InlineData("""{"method":"G T","path":"/"}""", "invalid_field", "method")]
    [InlineData("""{"method":1,"path":"/"}""", "invalid_field", "method")]
    [InlineData("""{"method":["GET"],"path":"/"}""", "invalid_field", "method")]
    [InlineData("""{"method":"GET","path":{}}""", "invalid_field", "path")]
    [InlineData("""{"method":"GET","path":"/\ud800"}""", "invalid_field", "path")]
    [InlineData("""{"\ud800":1}""", "unknown_field", null)]
    [InlineData("""{"method":"GET","path":"/","cost":"1"}""", "invalid_field", "cost")]
    [InlineData("""{"method":"GET","path":"/","cost":1.5}""", "invalid_field", "cost")]
    [InlineData("""{"method":"GET","path":"/","cost":1e2}""", "invalid_field", "cost")]
    [InlineData("""{"method":"GET","path":"/","cost":9223372036854775808}""", "invalid_field", "cost")]
    [InlineData("""{"method":"GET","path":"/","records":-1}""", "invalid_field", "records")]
    [InlineData("""{"method":"GET","path":"/","ip":"1.2.3"}""", "invalid_field", "ip")]
    [InlineData("""{"method":"GET","path":"/","ip":"010.0.0.1"}""", "invalid_field", "ip")]
    [InlineData("""{"method":"GET","path":"/","ip":"fe80::1%1"}""", "invalid_field", "ip")]
    [InlineData("""{"method":"GET","path":"/","key":"k"}""", "conflicting_fields", "key")]
    [InlineData("""{"method":"GET","path":"/","tenant":"a","credential":"b"}""", "conflicting_fields", "credential")]
    public void Bad_input_is_refused_by_its_name(string body, string code, string? field)
    {
        var problem = Read(Encoding.UTF8.GetBytes(body), out _);
        problem.ShouldNotBeNull();
        problem.Status.ShouldBe(400);
        problem.Code.ShouldBe(code);
        problem.Field.ShouldBe(field);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        byte[] body = [.. """{"method":"GET","path":"/"""u8, 0xFF, .. "\"}"u8];
        Read(body, out _)!.Code.ShouldBe(ProblemCode.InvalidUtf8);
    }

    [Fact]
    public void A_path_above_8_KiB_is_refused_and_one_of_8_KiB_is_not()
    {
        static byte[] WithPath(int length) =>
            Encoding.UTF8.GetBytes($$"""{"method":"GET","path":"/{{new string('a', length - 1)}}"}""");
        Read(WithPath(8_192), out _).ShouldBeNull();
        var problem = Read(WithPath(8_193), out _)!;
        problem.Code.ShouldBe(ProblemCode.PathTooLong);
        problem.Field.ShouldBe("path");
    }

    [Fact]
    public void An_id_above_128_characters_is_refused()
    {
        var body = $$"""{"method":"GET","path":"/","id":"{{new string('i', 129)}}"}""";
        Read(Encoding.UTF8.GetBytes(body), out _)!.Field.ShouldBe("id");
    }

    [Fact]
    public void Every_field_is_read()
    {
        const string body = """
             {"tenant":"acme","key":"k1","ip":"2001:db8::1","method":"post","path":"/a?b=\u0063","cost":-3,
              "records":50,"id":"01J"}
            """;
        Read(Encoding.UTF8.GetBytes(body), out var check).ShouldBeNull();
        check.Tenant.ShouldBe("acme");
        check.Key.ShouldBe("k1");
        check.Address!.ToString().ShouldBe("2001:db8::1");
        check.Method.ShouldBe("post");
        check.Path.ShouldBe("/a?b=c");
        // Whether a cost is within the policy's bounds is the checker's to say.
        check.Cost.ShouldBe(-3);
        check.Records.ShouldBe(50);
        check.Id.ShouldBe("01J");
        check.Credential.ShouldBeNull();
    }

    [Fact]
    public void A_body_in_many_segments_reads_like_one_in_one()
    {
        var body = """{"method":"GET","path":"/contacts","tenant":"acme"}"""u8.ToArray();
        var first = new Segment(body.AsMemory(0, 1), 0);
        var last = first;
        for (var i = 1; i < body.Length; i++) last = last.Append(body.AsMemory(i, 1));
        Read(new ReadOnlySequence<byte>(first, 0, last, 1), out var check).ShouldBeNull();
        check.Path.ShouldBe("/contacts");
    }

    [Fact]
    public void Random_bytes_are_refused_and_never_throw()
    {
        const int seed = 20260101;
        var random = new Random(seed);
        var template = """{"method":"GET","path":"/contacts","tenant":"acme","cost":3,"ip":"1.2.3.4"}"""u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var body = (byte[])template.Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            var problem = Read(body.AsMemory(0, random.Next(body.Length + 1)), out _);
            if (problem is not null) problem.Status.ShouldBe(400, $"seed {seed}, round {i}");
        }
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, out Check check) =>
        Read(new ReadOnlySequence<byte>(body), out check);

    private static Problem? Read(in ReadOnlySequence<byte> body, out Check check)
    {
        check = default;
        var json = new StrictReader(body);
        var fields = default(CheckFields);
        if (json.Open())
            while (json.Next(CheckFields.Names, out var field) && fields.Read(ref json, field)) { }
        return json.Problem ?? fields.TryCombine(null, null, out check);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
