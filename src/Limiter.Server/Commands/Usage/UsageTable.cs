using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Usage;

/// <summary>Usage for a person to read.</summary>
internal sealed class UsageTable
{
    private readonly string _split;
    private readonly Table _table;

    /// <param name="split"><c>none</c>, <c>endpoint</c> or <c>key</c>.</param>
    public UsageTable(string split)
    {
        _split = split;
        string[] subject = split switch { "endpoint" => ["group", "template"], "key" => ["key"], _ => [] };
        _table = new Table([
            "start", .. subject, "#checks", "#allowed", "#denied", "#refused", "#degraded", "#cost", "denied by",
        ]);
    }

    public void Add(JsonElement item) => Add(
        item.Number("denied") > 0 ? Tone.Warning : Tone.Plain,
        item.Text("start") + (item.Find("closed").ValueKind == JsonValueKind.False ? " (open)" : ""), item);

    public void AddTotal(JsonElement total) => Add(Tone.Dim, "total", total);

    public Task WriteAsync(Screen screen) => _table.WriteAsync(screen);

    private void Add(Tone tone, string title, JsonElement counts)
    {
        string[] subject = _split switch
        {
            "endpoint" => [counts.Text("group"), counts.Text("template")],
            "key" => [counts.Text("key")],
            _ => [],
        };
        _table.Add(tone, [
            title, .. subject, counts.Text("checks"), counts.Text("allowed"), counts.Text("denied"),
            counts.Text("refused"), counts.Text("degraded"), counts.Text("cost"),
            string.Join(' ', counts.Entries("deniedBy").Select(by => $"{by.Name}={by.Value}")),
        ]);
    }
}
