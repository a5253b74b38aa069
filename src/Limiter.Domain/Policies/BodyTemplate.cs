using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Limiter.Domain.Policies;

/// <summary>
/// The body of a response: JSON in the file's property order, without white space, as UTF-8. Compiled from a policy
/// file, so that writing one copies bytes and formats numbers and allocates nothing.
/// </summary>
public sealed class BodyTemplate
{
    /// <summary>Most bytes of a body without its values.</summary>
    public const int BytesMax = 8_192;

    /// <summary>Most placeholders of a body.</summary>
    public const int PlaceholdersMax = 32;

    // The longest is a number of 20 characters or a time of 20.
    private const int ValueBytesMax = 32;

    private readonly ImmutableArray<BodyPart> _parts;

    internal BodyTemplate(ImmutableArray<BodyPart> parts) => _parts = parts;

    public void Write(IBufferWriter<byte> output, in BodyValues values)
    {
        foreach (var part in _parts)
        {
            output.Write(part.Literal);
            WriteValue(output, part.Field, values);
        }
    }

    private static void WriteValue(IBufferWriter<byte> output, BodyField field, in BodyValues values)
    {
        switch (field)
        {
            case BodyField.RetryAfter:
                Write(output, values.RetryAfterSeconds);
                break;
            case BodyField.Limit:
                Write(output, values.Limit);
                break;
            case BodyField.Remaining:
                Write(output, values.Remaining);
                break;
            case BodyField.LimitName:
                WriteText(output, values.LimitName);
                break;
            case BodyField.Cost:
                Write(output, values.Cost);
                break;
            case BodyField.Reset:
                Write(output, values.ResetUnixSeconds);
                break;
            case BodyField.Timestamp:
                Write(output, values.Timestamp.ToDateTimeOffset(), "yyyy-MM-dd'T'HH:mm:ss'Z'");
                break;
            case BodyField.RequestId:
                Write(output, values.RequestId, "x8");
                break;
            case BodyField.Window:
                Write(output, values.WindowSeconds);
                break;
        }
    }

    private static void Write<T>(IBufferWriter<byte> output, T value, string format = "") where T : IUtf8SpanFormattable
    {
        value.TryFormat(output.GetSpan(ValueBytesMax), out var written, format, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>A limit's name needs no escape; this holds for any other text too.</summary>
    private static void WriteText(IBufferWriter<byte> output, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        if (LimitId.TryParse(text, out _))
            output.Advance(System.Text.Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
        else
            output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
    }
}
