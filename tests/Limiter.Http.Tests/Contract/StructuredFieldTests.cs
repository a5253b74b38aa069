using System.Globalization;
using System.Text.Json;
using Limiter.Http.Contract;

namespace Limiter.Http.Tests.Contract;

/// <summary>The HTTP working group's published cases for RFC 9651: see Data/structured-fields/LICENSE.md.</summary>
public sealed class StructuredFieldTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "structured-fields");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_written_agrees_with_the_published_cases(string file)
    {
        var written = 0;
        foreach (var test in Cases(file))
        {
            if (!test.TryGetProperty("expected", out var expected) || MustFail(test)) continue;
            var fields = test.TryGetProperty("canonical", out var canonical) ? canonical : test.GetProperty("raw");
            var wanted = string.Join(", ", fields.EnumerateArray().Select(line => line.GetString()));
            Serialize(test, expected).ShouldBe(wanted, test.GetProperty("name").GetString());
            written++;
        }
        if (!file.StartsWith("serialise-", StringComparison.Ordinal)) written.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("serialise-string.json")]
    [InlineData("serialise-number.json")]
    public void What_the_format_cannot_carry_is_refused(string file)
    {
        var refused = 0;
        foreach (var test in Cases(file).Where(MustFail))
        {
            Should.Throw<FormatException>(() => Serialize(test, test.GetProperty("expected")));
            refused++;
        }
        refused.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Q")]
    [InlineData("1q")]
    [InlineData("q q")]
    public void A_key_that_is_none_is_refused(string key) =>
        Should.Throw<FormatException>(() => new StructuredFieldWriter().Parameter(key));

    private static List<JsonElement> Cases(string file) =>
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement.EnumerateArray()];

    private static bool MustFail(JsonElement test) =>
        test.TryGetProperty("must_fail", out var fail) && fail.GetBoolean();

    private static string Serialize(JsonElement test, JsonElement expected)
    {
        var writer = new StructuredFieldWriter();
        var isList = test.GetProperty("header_type").GetString() == "list";
        foreach (var member in isList ? [.. expected.EnumerateArray()] : new[] { expected }) Member(writer, member);
        return writer.ToString();
    }

    private static void Member(StructuredFieldWriter writer, JsonElement member)
    {
        writer.Member();
        if (member[0].ValueKind == JsonValueKind.Array)
        {
            writer.OpenInnerList();
            foreach (var inner in member[0].EnumerateArray()) Member(writer, inner);
            writer.CloseInnerList();
        }
        else
        {
            Bare(writer, member[0]);
        }
        foreach (var parameter in member[1].EnumerateArray())
        {
            if (parameter[1].ValueKind == JsonValueKind.True) writer.Parameter(parameter[0].GetString()!);
            else Bare(writer.ParameterValue(parameter[0].GetString()!), parameter[1]);
        }
    }

    private static void Bare(StructuredFieldWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.String(value.GetString()!);
                break;
            case JsonValueKind.Number when value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'):
                writer.Decimal(decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.Number:
                writer.Integer(value.GetInt64());
                break;
            case JsonValueKind.Object when value.GetProperty("__type").GetString() == "token":
                writer.Token(value.GetProperty("value").GetString()!);
                break;
            case JsonValueKind.Object:
                writer.Bytes(FromBase32(value.GetProperty("value").GetString()!));
                break;
            default:
                writer.Boolean(value.GetBoolean());
                break;
        }
    }

    /// <summary>The cases hold their bytes in base32 (RFC 4648).</summary>
    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var c in text.TrimEnd('='))
        {
            bits = ((bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal)) & 0xFFFF;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            bytes.Add((byte)((bits >> count) & 0xFF));
        }
        return [.. bytes];
    }
}
