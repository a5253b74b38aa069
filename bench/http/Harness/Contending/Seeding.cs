using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harness.Contending;

/// <summary>
/// Registers tenants with Limiter: through its own store while the server is down, as an import would, since a million
/// calls would take longer than the measuring. The first of them, and the poor ones, get a key for the proxy.
/// </summary>
internal static class Seeding
{
    public const int Few = 10_000;
    public const int Million = 1_000_000;

    /// <summary>A poor tenant for each workload, so that each begins with all of its tokens.</summary>
    public const int PoorTenants = 16;

    private const int AtOnce = 4_000;
    private const int CallsAtOnce = 32;

    /// <summary>Registers tenants <paramref name="from"/> to <paramref name="to"/> in the data folder.</summary>
    public static async Task FillAsync(Place place, int from, int to, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var options = new SqliteStoreOptions { Folder = place.Data };
        await using var store = SqliteStore.Open(options, TimeProvider.System, NullLogger<SqliteStore>.Instance);
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        if (from == 0)
            for (var i = 0; i < PoorTenants; i++)
                await SaveAsync(store, $"poor{i}", "poor", now, hasKey: true, cancellation);
        for (var start = from; start < to; start += AtOnce)
            await Task.WhenAll(Enumerable.Range(start, Math.Min(AtOnce, to - start))
                .Select(i => SaveAsync(store, NameOf(i), "rich", now, hasKey: i < Few, cancellation)));
        Console.WriteLine($"{to - from} tenants registered in {watch.Elapsed.TotalSeconds:F1} s");
    }

    /// <summary>Registers the first tenants by its own calls.</summary>
    public static async Task RegisterAsync(Contender contender, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = contender.Address };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Place.AdminKey}");
        var names = Enumerable.Range(0, Few).Select(i => (Name: NameOf(i), Plan: "rich"))
            .Concat(Enumerable.Range(0, PoorTenants).Select(i => (Name: $"poor{i}", Plan: "poor")));
        await Parallel.ForEachAsync(
            names, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellation },
            async (tenant, token) =>
            {
                using var body = new StringContent(
                    $$"""{"plan":"{{tenant.Plan}}"}""", Encoding.UTF8, "application/json");
                using var response = await client.PutAsync(
                    new Uri($"/v1/tenants/{tenant.Name}", UriKind.Relative), body, token);
                response.EnsureSuccessStatusCode();
            });
    }

    private static async Task SaveAsync(
        SqliteStore store, string name, string plan, Instant now, bool hasKey, CancellationToken cancellation)
    {
        if (!TenantId.TryParse(name, out var tenant) || !KeyId.TryParse("k", out var key)
            || !CredentialHash.TryCompute($"bench-{name}", out var hash)) throw new InvalidOperationException(name);
        await store.Directory.SaveTenantAsync(
            new TenantRecord(
                tenant, plan, 0, now, ImmutableDictionary<LimitId, long>.Empty,
                ImmutableDictionary<LimitId, Adjustment>.Empty), null, cancellation);
        if (hasKey) await store.Directory.AddKeyAsync(new KeyRecord(tenant, key, "bench", hash, now), null, cancellation);
    }

    private static string NameOf(int i) => $"t{i:d6}";
}
