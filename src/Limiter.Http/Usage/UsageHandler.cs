using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Http.Json;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Usage;

/// <summary>
/// <c>GET /v1/usage/{tenant}</c>: what was counted of a tenant in some time, as JSON or as CSV; also after its removal.
/// </summary>
public sealed class UsageHandler(UsageReader reader, IDirectory directory, TimeProvider clock)
{
    private const string Csv = "text/csv";

    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (UsageQuery.TryRead(request.Query, Instant.From(clock.GetUtcNow()), out var query) is { } problem)
            return problem;
        if (!RouteNames.TryTenant(request, out var tenant)) return RouteNames.UnknownTenant();
        var record = await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false);
        var reading = await reader.OpenAsync(tenant, cancellation).ConfigureAwait(false);
        var total = await reading.TotalAsync(query.From, query.Until, cancellation).ConfigureAwait(false);
        if (record is null && total.Lines.IsEmpty) return RouteNames.UnknownTenant();
        var (items, next) = await PageAsync(reading, query, cancellation).ConfigureAwait(false);
        var answer = new UsageAnswer(tenant, record?.Plan, query, total, items, next);
        return WantsCsv(request)
            ? new UsageCsv(answer)
            : JsonBody.Object(StatusCodes.Status200OK, answer, UsageJson.Write);
    }

    private static async Task<(List<UsageItem> Items, UsageCursor? Next)> PageAsync(
        UsageReading reading, UsageQuery query, CancellationToken cancellation)
    {
        var items = new List<UsageItem>();
        var last = query.After;
        // A place in a period that no page gives is taken as its start.
        var from = Instant.Max(query.From, UsagePeriod.Of(query.Grain, last.Start).Start);
        await foreach (var entry in reading.EntriesAsync(query.Grain, from, query.Until, cancellation)
            .ConfigureAwait(false))
        {
            var lines = entry.Sheet.LinesBy(query.Split);
            var seen = entry.Period.Start == last.Start ? last.Seen : 0;
            for (; seen < lines.Length; seen++)
            {
                if (items.Count == query.Take) return (items, last);
                items.Add(new UsageItem(entry, lines[seen]));
                last = new UsageCursor(entry.Period.Start, seen + 1);
            }
        }
        return (items, null);
    }

    private static bool WantsCsv(HttpRequest request)
    {
        foreach (var accepted in request.GetTypedHeaders().Accept)
            if (accepted.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)) return accepted.Quality is not 0;
        return false;
    }
}
