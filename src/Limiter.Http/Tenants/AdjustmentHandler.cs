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
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var author = Author.Of(request, clock);
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = AdjustmentForm.TryRead(body, author.Now, out var adjustment);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes
            .ApplyAsync(id, conditions, before => Put(before, limit, adjustment, author), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TenantJson.Show(change.Record!, author.Now);
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (!LimitId.TryParse(request.RouteValues["limit"] as string, out var limit)) return None();
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var author = Author.Of(request, clock);
        var change = await changes.ApplyAsync(id, conditions, before => Removed(before, limit, author), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TypedResults.NoContent();
    }

    private static TenantChange Put(TenantRecord before, LimitId limit, Adjustment adjustment, Author author) =>
        Changed(before, Running(before, author.Now).SetItem(limit, adjustment), limit, author, adjustment.Reason);

    private static TenantChange Removed(TenantRecord before, LimitId limit, Author author)
    {
        var running = Running(before, author.Now);
        return running.ContainsKey(limit) ? Changed(before, running.Remove(limit), limit, author, null) : None();
    }

    private static TenantChange Changed(
        TenantRecord before, ImmutableDictionary<LimitId, Adjustment> adjustments, LimitId limit, Author author,
        string? reason) => new(before with { Adjustments = adjustments }, null)
        {
            Told = author.Tell(before.Id, ChangeKind.Adjustment, limit.Name) with
            {
                Before = ChangeValue.Of(Running(before, author.Now), limit),
                After = ChangeValue.Of(adjustments, limit),
                Reason = reason,
            },
        };

    /// <summary>An ended adjustment has no effect, and is dropped with the next change.</summary>
    private static ImmutableDictionary<LimitId, Adjustment> Running(TenantRecord tenant, Instant now) =>
        tenant.Adjustments.RemoveRange(
            tenant.Adjustments.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key));

    private static Problem None() =>
        new(404, ProblemCode.NoSuchAdjustment, "The tenant has no adjustment of that limit.") { Field = "limit" };
}
