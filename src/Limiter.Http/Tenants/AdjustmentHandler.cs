using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>
/// <c>PUT DELETE /v1/tenants/{tenant}/adjustments/{limit}</c>: a limit by a factor or to a number, until a time.
/// </summary>
public sealed class AdjustmentHandler(TenantChanges changes, Func<Policy> policy, TimeProvider clock)
{
    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (RouteNames.TryLimit(request, policy(), out var limit) is { } unknown) return unknown;
        var now = Instant.From(clock.GetUtcNow());
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = AdjustmentForm.TryRead(body, now, out var adjustment);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes.ApplyAsync(id, before => before is null
            ? RouteNames.UnknownTenant()
            : before with { Adjustments = Running(before, now).SetItem(limit, adjustment) }, cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? JsonBody.Object(StatusCodes.Status200OK, (change.Record, now),
            static (json, shown) => TenantJson.Write(json, shown.Record!, shown.now));
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (!LimitId.TryParse(request.RouteValues["limit"] as string, out var limit)) return None();
        var now = Instant.From(clock.GetUtcNow());
        var change = await changes.ApplyAsync(id, before => Removed(before, limit, now), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TypedResults.NoContent();
    }

    private static TenantChange Removed(TenantRecord? before, LimitId limit, Instant now)
    {
        if (before is null) return RouteNames.UnknownTenant();
        var running = Running(before, now);
        return running.ContainsKey(limit) ? before with { Adjustments = running.Remove(limit) } : None();
    }

    /// <summary>An ended adjustment has no effect, and is dropped with the next change.</summary>
    private static ImmutableDictionary<LimitId, Adjustment> Running(TenantRecord tenant, Instant now) =>
        tenant.Adjustments.RemoveRange(
            tenant.Adjustments.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key));

    private static Problem None() =>
        new(404, ProblemCode.NoSuchAdjustment, "The tenant has no adjustment of that limit.") { Field = "limit" };
}
