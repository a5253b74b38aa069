using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Top;

/// <summary>A server's overview for a person to read.</summary>
internal static class OverviewText
{
    public static IEnumerable<string> Lines(JsonElement overview, bool hasColours)
    {
        var (policy, rate) = (overview.Find("policy"), overview.Find("perSecond"));
        yield return Plain.Text(
            $"{overview.Text("now")}  policy {policy.Text("name")} {policy.Text("version")}  "
            + $"{overview.Text("active")} tenants, {overview.Text("near")} near a limit, {overview.Text("over")} over");
        yield return Plain.Text(
            $"a second: {rate.Text("allowed")} allowed, {rate.Text("denied")} denied, {rate.Text("refused")} refused, "
            + $"{rate.Text("degraded")} degraded");
        var degraded = overview.Find("degraded");
        if (degraded.IsTrue("now"))
            yield return Table.Paint(
                Plain.Text($"The store is out of reach; {degraded.Text("seconds")} s in all."), Tone.Bad, hasColours);
        var table = new Table("tenant", "plan", "state", "#checks 5m", "#denied", "#refused", "#cost", "limits left");
        foreach (var tenant in overview.Items("tenants"))
            table.Add(
                ToneOf(tenant), tenant.Text("tenant"), tenant.Text("plan"), tenant.Text("state"),
                tenant.Text("checks"), tenant.Text("denied"), tenant.Text("refused"), tenant.Text("cost"),
                string.Join("  ", tenant.Items("limits").Select(limit =>
                    $"{limit.Text("name")} {limit.Text("remaining")}/{limit.Text("limit")}")));
        foreach (var line in table.Lines(hasColours)) yield return line;
    }

    private static Tone ToneOf(JsonElement tenant) => tenant.Text("state") switch
    {
        "over" => Tone.Bad,
        "near" => Tone.Warning,
        _ => Tone.Plain,
    };
}
