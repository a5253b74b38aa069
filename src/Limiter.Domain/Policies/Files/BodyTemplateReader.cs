using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Limiter.Domain.Policies.Files;

/// <summary>Compiles a body: minified JSON in the file's property order, cut where a value goes in.</summary>
internal sealed class BodyTemplateReader(PolicyErrors errors)
{
    private const string NumberSuffix = ":number";

    private readonly ArrayBufferWriter<byte> _literal = new();
    private readonly ImmutableArray<BodyPart>.Builder _parts = ImmutableArray.CreateBuilder<BodyPart>();
    private int _bytes;

    /// <summary>Null after reporting what is wrong.</summary>
    public static BodyTemplate? Read(PolicyNode node, PolicyErrors errors)
    {
        if (node.Kind != NodeKind.Object)
        {
            errors.Add(node, $"is {node.Describe()}; the body of a response is accepted, as an object.");
            return null;
        }
        var reader = new BodyTemplateReader(errors);
        reader.Value(node);
        reader.EndPart(BodyField.None);
        if (reader._bytes > BodyTemplate.BytesMax)
            errors.Add(node, $"is a body of {reader._bytes:N0} bytes;"
                + $" at most {BodyTemplate.BytesMax:N0} are accepted.");
        if (reader._parts.Count > BodyTemplate.PlaceholdersMax + 1)
            errors.Add(node, $"has {reader._parts.Count - 1} placeholders;"
                + $" at most {BodyTemplate.PlaceholdersMax} are accepted.");
        return new BodyTemplate(reader._parts.ToImmutable());
    }

    private void Value(PolicyNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Object:
                Object(node);
                break;
            case NodeKind.Array:
                Array(node);
                break;
            case NodeKind.Text when node.Text.EndsWith($"{NumberSuffix}}}", StringComparison.Ordinal):
                Number(node);
                break;
            case NodeKind.Text:
                Raw("\"");
                Text(node);
                Raw("\"");
                break;
            case NodeKind.Number:
                Raw(node.Text);
                break;
            default:
                Raw(node.Describe());
                break;
        }
    }

    private void Object(PolicyNode node)
    {
        Raw("{");
        for (var i = 0; i < node.Members.Count; i++)
        {
            var (name, value) = node.Members[i];
            Raw(i == 0 ? "\"" : ",\"");
            Escaped(name);
            Raw("\":");
            Value(value);
        }
        Raw("}");
    }

    private void Array(PolicyNode node)
    {
        Raw("[");
        for (var i = 0; i < node.Items.Count; i++)
        {
            if (i > 0) Raw(",");
            Value(node.Items[i]);
        }
        Raw("]");
    }

    /// <summary>A text that is one placeholder and asks for a JSON number.</summary>
    private void Number(PolicyNode node)
    {
        var name = node.Text[..^(NumberSuffix.Length + 1)];
        var field = name.StartsWith('{') ? BodyFields.Find(name[1..]) : BodyField.None;
        if (BodyFields.IsNumber(field)) EndPart(field);
        else
            errors.Add(node, $"is {node.Describe()}; for a number the whole text is one placeholder such as"
                + $" \"{{retryAfter:number}}\", of {Words.List(BodyFields.NumberNames)}.");
    }

    private void Text(PolicyNode node)
    {
        var text = node.Text.AsSpan();
        while (!text.IsEmpty)
        {
            var brace = text.IndexOfAny('{', '}');
            Escaped(brace < 0 ? text : text[..brace]);
            if (brace < 0) return;
            text = text[brace..];
            if (text.Length > 1 && text[1] == text[0])
            {
                Escaped(text[..1]);
                text = text[2..];
                continue;
            }
            var end = text[0] == '{' ? text.IndexOf('}') : -1;
            if (end < 0)
            {
                errors.Add(node, $"has a single {text[0]}; a placeholder such as {{retryAfter}} is accepted,"
                    + " and {{ or }} for the character itself.");
                return;
            }
            Placeholder(node, text[1..end].ToString());
            text = text[(end + 1)..];
        }
    }

    private void Placeholder(PolicyNode node, string name)
    {
        var field = BodyFields.Find(name);
        if (field == BodyField.None)
            errors.Add(node, $"has the placeholder {{{name}}}, which is not known.{Words.Hint(name, BodyFields.Names)}"
                + $" Accepted are {Words.List(BodyFields.Names)}.");
        else
            EndPart(field);
    }

    private void Raw(string text) => _bytes += (int)Encoding.UTF8.GetBytes(text, _literal);

    /// <summary>Only what JSON must escape is escaped: the body is served as JSON and never inside a page.</summary>
    private void Escaped(ReadOnlySpan<char> text)
    {
        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        _literal.Write(encoded);
        _bytes += encoded.Length;
    }

    private void EndPart(BodyField field)
    {
        _parts.Add(new BodyPart(_literal.WrittenSpan.ToArray(), field));
        _literal.ResetWrittenCount();
    }
}
