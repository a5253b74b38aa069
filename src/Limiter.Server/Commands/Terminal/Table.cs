using System.Text;

namespace Limiter.Server.Commands.Terminal;

/// <summary>
/// Columns of text. A heading that begins with <c>#</c> is of a column of numbers: it stands to the right.
/// </summary>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<(Tone Tone, string[] Cells)> _rows = [];

    public int Rows => _rows.Count;

    public void Add(params string[] cells) => Add(Tone.Plain, cells);

    public void Add(Tone tone, params string[] cells) => _rows.Add((tone, Array.ConvertAll(cells, Plain.Text)));

    /// <summary>Only the headings when there are no rows: a program that counts lines is not surprised.</summary>
    public async Task WriteAsync(Screen screen)
    {
        foreach (var line in Lines(screen.HasColours)) await screen.Out.WriteLineAsync(line).ConfigureAwait(false);
    }

    public IEnumerable<string> Lines(bool hasColours)
    {
        var titles = Array.ConvertAll(headings, heading => heading.TrimStart('#'));
        var widths = titles.Select((title, i) =>
            _rows.Select(row => row.Cells[i].Length).Append(title.Length).Max()).ToArray();
        yield return Paint(Line(titles, widths), Tone.Dim, hasColours);
        foreach (var (tone, cells) in _rows) yield return Paint(Line(cells, widths), tone, hasColours);
    }

    public static string Paint(string text, Tone tone, bool hasColours) => !hasColours
        ? text
        : tone switch
        {
            Tone.Good => $"\e[32m{text}\e[0m",
            Tone.Warning => $"\e[33m{text}\e[0m",
            Tone.Bad => $"\e[31m{text}\e[0m",
            Tone.Dim => $"\e[2m{text}\e[0m",
            _ => text,
        };

    private string Line(string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) line.Append(Gap);
            line.Append(headings[i].StartsWith('#') ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }
        return line.ToString().TrimEnd();
    }
}
