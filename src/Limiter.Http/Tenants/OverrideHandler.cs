using System.Collections.Immutable;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary><c>PUT DELETE /v1/tenants/{tenant}/overrides/{limit}</c>: a customer's own number, until changed.</summary>
public sealed class OverrideHandler(TenantChanges changes, Func<Policy> policy, TimeProvider clock)
{
    private const int LimitField = 0;

    private static readonly FieldNames Names = new("limit", "reason");

    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (RouteNames.TryLimit(request, policy(), out var limit) is { } unknown) return unknown;
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var author = Author.Of(request, clock);
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TryRead(body, out var number, out var reason);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes.ApplyAsync(
            id, conditions,
            before => Changed(before, before.Overrides.SetItem(limit, number), limit, author, reason), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TenantJson.Show(change.Record!, author.Now);
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        var (inForce, author) = (policy(), Author.Of(request, clock));
        // An override of a limit that an earlier policy had may still be removed.
        if (!LimitId.TryParse(request.RouteValues["limit"] as string, out var limit)) return None();
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var change = await changes
            .ApplyAsync(id, conditions, before => Removed(inForce, before, limit, author), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TypedResults.NoContent();
    }

    private static TenantChange Removed(Policy inForce, TenantRecord before, LimitId limit, Author author)
    {
        if (!before.Overrides.ContainsKey(limit)) return None();
        var overrides = before.Overrides.Remove(limit);
        var missing = inForce.FindPlan(before.Plan) is { } plan
            ? TenantForm.RefuseMissing(inForce, plan, overrides)
            : null;
        return missing is not null ? missing : Changed(before, overrides, limit, author, null);
    }

    private static TenantChange Changed(
        TenantRecord before, ImmutableDictionary<LimitId, long> overrides, LimitId limit, Author author,
        string? reason) => new(before with { Overrides = overrides }, null)
        {
            Told = author.Tell(before.Id, ChangeKind.Override, limit.Name) with
            {
                Before = ChangeValue.Of(before.Overrides, limit),
                After = ChangeValue.Of(overrides, limit),
                Reason = reason,
            },
        };

    private static Problem? TryRead(in RequestBody body, out long number, out string? reason)
    {
        (number, reason) = (0, null);
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var text = "";
        if (json.Open())
            while (json.Next(Names, out var field) && (field == LimitField
                ? LimitNumberField.Read(ref json, Names[field], out number)
                : json.Text(Names[field], Adjustment.ReasonLengthMax, out text))) { }
        if (json.Problem is not null) return json.Problem;
        reason = text.Length > 0 ? text : null;
        return json.Has(LimitField) ? null : InputProblem.Missing(Names[LimitField]);
    }

    private static Problem None() =>
        new(404, ProblemCode.NoSuchOverride, "The tenant has no override of that limit.") { Field = "limit" };
}
