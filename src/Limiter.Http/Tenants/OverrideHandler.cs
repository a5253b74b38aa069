using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary><c>PUT DELETE /v1/tenants/{tenant}/overrides/{limit}</c>: a customer's own number, until changed.</summary>
public sealed class OverrideHandler(TenantChanges changes, Func<Policy> policy, TimeProvider clock)
{
    private static readonly FieldNames Names = new("limit");

    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (RouteNames.TryLimit(request, policy(), out var limit) is { } unknown) return unknown;
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TryRead(body, out var number);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes.ApplyAsync(id, before => before is null
            ? RouteNames.UnknownTenant()
            : before with { Overrides = before.Overrides.SetItem(limit, number) }, cancellation).ConfigureAwait(false);
        return change.Problem as IResult ?? Show(change.Record!);
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        var inForce = policy();
        // An override of a limit that an earlier policy had may still be removed.
        if (!LimitId.TryParse(request.RouteValues["limit"] as string, out var limit)) return None();
        var change = await changes.ApplyAsync(id, before => Removed(inForce, before, limit), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TypedResults.NoContent();
    }

    private static TenantChange Removed(Policy inForce, TenantRecord? before, LimitId limit)
    {
        if (before is null) return RouteNames.UnknownTenant();
        if (!before.Overrides.ContainsKey(limit)) return None();
        var overrides = before.Overrides.Remove(limit);
        var missing = inForce.FindPlan(before.Plan) is { } plan
            ? TenantForm.RefuseMissing(inForce, plan, overrides)
            : null;
        return missing is not null ? missing : before with { Overrides = overrides };
    }

    private static Problem? TryRead(in RequestBody body, out long number)
    {
        number = 0;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field) && LimitNumberField.Read(ref json, Names[field], out number)) { }
        if (json.Problem is not null) return json.Problem;
        return json.Has(0) ? null : InputProblem.Missing(Names[0]);
    }

    private JsonBody Show(TenantRecord tenant) => JsonBody.Object(StatusCodes.Status200OK,
        (tenant, now: Instant.From(clock.GetUtcNow())),
        static (json, shown) => TenantJson.Write(json, shown.tenant, shown.now));

    private static Problem None() =>
        new(404, ProblemCode.NoSuchOverride, "The tenant has no override of that limit.") { Field = "limit" };
}
