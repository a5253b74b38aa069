using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Server.Tests.WhatIf;

/// <summary>A data folder with usage in it, as a server leaves one.</summary>
internal sealed class Recording : IAsyncDisposable
{
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store;
    private ulong _edge;

    public Recording() => _store = SqliteStore.Open(
        new SqliteStoreOptions { Folder = Folder }, new ManualClock(Start.ToDateTimeOffset()),
        NullLogger<SqliteStore>.Instance);

    public string Folder => Path.Combine(_folder.Path, "data");

    public string File(string name) => _folder.File(name);

    public async Task<TenantId> RegisterAsync(string name, string plan, params (string Limit, long Number)[] overrides)
    {
        TenantId.TryParse(name, out var id).ShouldBeTrue();
        var numbers = overrides.Select(one => KeyValuePair.Create(
            LimitId.TryParse(one.Limit, out var limit) ? limit : default, one.Number));
        (await _store.Directory.SaveTenantAsync(
            new TenantRecord(id, plan, 0, Start, [.. numbers], []), null, default)).ShouldNotBeNull();
        return id;
    }

    /// <summary>Counts some checks of one minute, on an edge of their own.</summary>
    public async Task CountAsync(
        TenantId tenant, int minute, long allowed, long denied = 0, long? cost = null, string key = "",
        string group = "standard", string template = "*", string deniedBy = "minute")
    {
        var sum = new UsageSum();
        var subject = UsageSubject.Of(key, group, template);
        sum.Add(subject, new UsageCounts(allowed, denied, 0, 0, cost ?? allowed));
        sum.AddDenied(subject, deniedBy, denied);
        await _store.Usage.SaveRowsAsync(
            [new UsageRow(tenant, Start + minute * 60_000L, new UsageWriter(new EdgeId(++_edge), 1), sum.ToSheet())],
            default);
    }

    /// <summary>Replays from the recording's start.</summary>
    public Task<CliResult> ReplayAsync(string policy, params string[] options) => new Cli().RunAsync(
        ["whatif", "--policy", policy, "--usage", Folder, "--from", "2026-03-02", "--to", "2026-03-03", .. options]);

    public string Policy(string limits, string plans, string more = "")
    {
        var file = File("proposed.json");
        System.IO.File.WriteAllText(file, $$"""
            { "policy": "proposed", "limits": {{limits}}, "plans": {{plans}}, {{more}}
              "response": { "describe": "binding", "reset": "unix", "denied": { "error": "no" } } }
            """);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
