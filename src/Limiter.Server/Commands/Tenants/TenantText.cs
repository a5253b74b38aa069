using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Tenants;

/// <summary>A tenant for a person to read.</summary>
internal static class TenantText
{
    public static async Task WriteAsync(CommandRun run, JsonElement tenant)
    {
        await run.SayAsync($"tenant   {tenant.Text("tenant")}").ConfigureAwait(false);
        await run.SayAsync($"plan     {tenant.Text("plan")}").ConfigureAwait(false);
        await run.SayAsync($"created  {tenant.Text("createdAt")}").ConfigureAwait(false);
        if (tenant.IsTrue("suspended"))
        {
            var until = tenant.Text("until") is { Length: > 0 } end ? "until " + end : "until it is ended";
            await run.Out.WriteLineAsync(Table.Paint(
                Plain.Text($"suspended {until}: {tenant.Text("reason")}"), Tone.Warning, run.Screen.HasColours))
                .ConfigureAwait(false);
        }
        var numbers = NumbersOf(tenant);
        if (numbers.Rows > 0) await numbers.WriteAsync(run.Screen).ConfigureAwait(false);
    }

    /// <summary>Its overrides and adjustments.</summary>
    private static Table NumbersOf(JsonElement tenant)
    {
        var table = new Table("limit", "change", "#number", "until", "reason");
        foreach (var entry in tenant.Entries("overrides"))
            table.Add(entry.Name, "override", entry.Value.ToString(), "", "");
        foreach (var entry in tenant.Entries("adjustments"))
        {
            var change = entry.Value;
            var number = change.Text("factor") is { Length: > 0 } factor ? "x" + factor : change.Text("limit");
            table.Add(entry.Name, "adjustment", number, change.Text("until"), change.Text("reason"));
        }
        return table;
    }

    public static Table KeysOf(IEnumerable<JsonElement> keys)
    {
        var table = KeyTable();
        foreach (var key in keys) Add(table, key);
        return table;
    }

    public static Table KeyTable() => new("key", "name", "kind", "created", "last used", "expires", "old secret until");

    public static void Add(Table table, JsonElement key) => table.Add(
        key.Text("key"), key.Text("name"), key.Text("kind"), key.Text("createdAt"), key.Text("lastUsed"),
        key.Text("expiresAt"), key.Text("overlapUntil"));
}
