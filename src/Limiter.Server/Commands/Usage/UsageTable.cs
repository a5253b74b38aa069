using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Usage;

/// <summary>Usage for a person to read.</summary>
internal sealed class UsageTable
{
    private readonly string _split;
    private readonly bool _isByDay;
    private readonly Table _table;

    /// <param name="split"><c>none</c>, <c>endpoint</c> or <c>key</c>.</param>
    /// <param name="isByDay">A closed day tells what was charged.</param>
    public UsageTable(string split, bool isByDay)
    {
        (_split, _isByDay) = (split, isByDay);
        string[] subject = split switch { "endpoint" => ["group", "template"], "key" => ["key"], _ => [] };
        string[] whole = split != "none" ? [] : isByDay ? ["#charged", "busiest minute"] : ["busiest minute"];
        _table = new Table([
            "start", .. subject, "#checks", "#allowed", "#denied", "#refused", "#degraded", "#cost", .. whole,
            "denied by",
        ]);
    }

    public void Add(JsonElement item) => Add(
        item.Number("denied") > 0 ? Tone.Warning : Tone.Plain,
        item.Text("start") + (item.Find("closed").ValueKind == JsonValueKind.False ? " (open)" : ""), item);

    public void AddTotal(JsonElement total) => Add(Tone.Dim, "total", total);

    public Task WriteAsync(Screen screen) => _table.WriteAsync(screen);

    private void Add(Tone tone, string title, JsonElement counts) => _table.Add(tone, [
        title, .. SubjectOf(counts), counts.Text("checks"), counts.Text("allowed"), counts.Text("denied"),
        counts.Text("refused"), counts.Text("degraded"), counts.Text("cost"), .. WholeOf(counts),
        string.Join(' ', counts.Entries("deniedBy").Select(by => $"{by.Name}={by.Value}")),
    ]);

    private string[] SubjectOf(JsonElement counts)
    {
        // What found no line of its own has no names; requests without a key have none either.
        var other = counts.IsTrue("other") ? "(others)" : "";
        return _split switch
        {
            "endpoint" => [counts.Text("group") + other, counts.Text("template")],
            "key" => [counts.Text("key") + other],
            _ => [],
        };
    }

    private string[] WholeOf(JsonElement counts)
    {
        if (_split != "none") return [];
        var peak = counts.Find("peakMinute");
        var busiest = peak.ValueKind == JsonValueKind.Object ? $"{peak.Text("checks")} at {peak.Text("start")}" : "";
        return _isByDay ? [counts.Text("charged"), busiest] : [busiest];
    }
}
