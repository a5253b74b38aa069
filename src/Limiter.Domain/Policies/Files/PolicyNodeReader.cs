using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Limiter.Domain.Policies.Files;

/// <summary>Builds the tree. Text that is not JSON ends it with one error at the place where reading stopped.</summary>
internal ref struct PolicyNodeReader
{
    private const int DepthMax = 32;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly PolicyErrors _errors;
    private Utf8JsonReader _json;
    private string _path = "$";
    private int _line = 1;
    private int _counted;

    private PolicyNodeReader(ReadOnlySpan<byte> utf8, PolicyErrors errors)
    {
        _utf8 = utf8;
        _errors = errors;
        _json = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = DepthMax,
        });
    }

    /// <summary>The tree, or null when the file is too long or is not JSON.</summary>
    public static PolicyNode? Read(ReadOnlySpan<byte> utf8, PolicyErrors errors)
    {
        if (utf8.Length > PolicyFile.BytesMax)
        {
            errors.Add("$", 1, $"is a file of {utf8.Length:N0} bytes; at most {PolicyFile.BytesMax:N0} are accepted.");
            return null;
        }
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8))
        {
            errors.Add("$", FirstInvalidLine(utf8), "holds bytes that are not UTF-8; save the file as UTF-8.");
            return null;
        }
        return new PolicyNodeReader(utf8, errors).ReadFile();
    }

    private static int FirstInvalidLine(ReadOnlySpan<byte> utf8)
    {
        for (var line = 1; ; line++)
        {
            var end = utf8.IndexOf((byte)'\n');
            if (end < 0 || !Utf8.IsValid(utf8[..end])) return line;
            utf8 = utf8[(end + 1)..];
        }
    }

    private PolicyNode? ReadFile()
    {
        try
        {
            _json.Read();
            var root = ReadValue("$");
            // A second value, or anything but a comment, is an error of the reader's.
            _path = "$";
            _json.Read();
            return root;
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0) + 1;
            _errors.Add(_path, line, $"is not JSON from here on: {Reason(exception)}"
                + " Comments and trailing commas are accepted.");
            return null;
        }
    }

    /// <summary>The reader's message without its own position, which counts from 0.</summary>
    private static string Reason(JsonException exception)
    {
        var position = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? exception.Message : exception.Message[..position];
    }

    private PolicyNode ReadValue(string path)
    {
        _path = path;
        var line = CurrentLine();
        return _json.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(path, line),
            JsonTokenType.StartArray => ReadArray(path, line),
            JsonTokenType.String => Leaf(NodeKind.Text, path, line, ReadText()),
            JsonTokenType.Number => Leaf(NodeKind.Number, path, line, Encoding.ASCII.GetString(_json.ValueSpan)),
            JsonTokenType.True => Leaf(NodeKind.True, path, line),
            JsonTokenType.False => Leaf(NodeKind.False, path, line),
            _ => Leaf(NodeKind.Null, path, line),
        };
    }

    private static PolicyNode Leaf(NodeKind kind, string path, int line, string text = "") =>
        new(kind, path, line, text, [], []);

    private PolicyNode ReadObject(string path, int line)
    {
        var members = new List<KeyValuePair<string, PolicyNode>>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var nameLine = CurrentLine();
            var name = ReadText();
            _path = PolicyNode.PathOf(path, name);
            var first = lines.TryAdd(name, nameLine);
            if (!first)
                _errors.Add(_path, nameLine, $"is given twice, first on line {lines[name]}; a name is accepted once.");
            _json.Read();
            var value = ReadValue(PolicyNode.PathOf(path, name));
            if (first) members.Add(new(name, value));
        }
        _path = path;
        return new PolicyNode(NodeKind.Object, path, line, "", members, []);
    }

    private PolicyNode ReadArray(string path, int line)
    {
        var items = new List<PolicyNode>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue($"{path}[{items.Count}]"));
        _path = path;
        return new PolicyNode(NodeKind.Array, path, line, "", [], items);
    }

    /// <summary>The reader accepts an escape of half a surrogate pair and fails only when it decodes it.</summary>
    private string ReadText()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            _errors.Add(_path, CurrentLine(), "holds an escape of half a character; \\uD800 to \\uDFFF come in pairs.");
            return "";
        }
    }

    private int CurrentLine()
    {
        var at = (int)_json.TokenStartIndex;
        _line += _utf8[_counted..at].Count((byte)'\n');
        _counted = at;
        return _line;
    }
}
