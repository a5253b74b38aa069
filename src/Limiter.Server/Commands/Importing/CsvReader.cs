using System.Text;

namespace Limiter.Server.Commands.Importing;

/// <summary>
/// Reads CSV as RFC 4180 has it, record by record: quoted fields may hold commas, quotes (doubled) and line ends; lines
/// end in LF or CRLF; empty lines are skipped. A record that is wrong says so, and reading goes on at the next line.
/// </summary>
internal sealed class CsvReader(TextReader reader)
{
    /// <summary>Longest record, in characters: enough for anything that a server takes.</summary>
    public const int RecordCharsMax = 64 * 1024;

    public const int FieldsMax = 64;

    private const int End = -1;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private int _at;
    private int _length;
    private long _line = 1;
    private int _chars;
    private string? _error;

    /// <summary>The next record; null at the end.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var line = _line;
            (_chars, _error) = (0, null);
            _fields.Clear();
            var isEnd = await ReadRecordAsync(cancellation).ConfigureAwait(false);
            var isEmpty = _fields.Count == 1 && _fields[0].Length == 0 && _error is null;
            if (!isEmpty) return new CsvRecord(line, _error is null ? [.. _fields] : [], _error);
            if (isEnd) return null;
        }
    }

    /// <summary>Fields up to the end of the record; true at the end of the file.</summary>
    private async ValueTask<bool> ReadRecordAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var next = await NextAsync(cancellation).ConfigureAwait(false);
            if (next == '"')
            {
                await ReadQuotedAsync(cancellation).ConfigureAwait(false);
                next = await NextAsync(cancellation).ConfigureAwait(false);
                if (next is not (',' or '\r' or '\n' or End)) _error ??= "a quoted field goes on after its quote";
            }
            while (next is not (',' or '\n' or End))
            {
                // The other half of a line's end; elsewhere it is a character like any other.
                if (next != '\r' || await PeekAsync(cancellation).ConfigureAwait(false) is not ('\n' or End))
                    Keep(next);
                if (next == '"') _error ??= "a quote stands in the middle of a field; quote the field and double it";
                next = await NextAsync(cancellation).ConfigureAwait(false);
            }
            if (_fields.Count == FieldsMax) _error ??= $"more than {FieldsMax} fields";
            else _fields.Add(_field.ToString());
            _field.Clear();
            if (next == ',') continue;
            if (next == '\n') _line++;
            return next == End;
        }
    }

    private async ValueTask ReadQuotedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var next = await NextAsync(cancellation).ConfigureAwait(false);
            if (next == End)
            {
                _error ??= "a quoted field does not end";
                return;
            }
            if (next == '"')
            {
                if (await PeekAsync(cancellation).ConfigureAwait(false) != '"') return;
                await NextAsync(cancellation).ConfigureAwait(false);
            }
            if (next == '\n') _line++;
            Keep(next);
        }
    }

    private void Keep(int character)
    {
        if (++_chars > RecordCharsMax) _error ??= $"longer than {RecordCharsMax} characters";
        else _field.Append((char)character);
    }

    private async ValueTask<int> PeekAsync(CancellationToken cancellation)
    {
        if (_at < _length) return _buffer[_at];
        _length = await reader.ReadAsync(_buffer, cancellation).ConfigureAwait(false);
        _at = 0;
        return _length == 0 ? End : _buffer[0];
    }

    private async ValueTask<int> NextAsync(CancellationToken cancellation)
    {
        var next = await PeekAsync(cancellation).ConfigureAwait(false);
        if (next != End) _at++;
        return next;
    }
}
