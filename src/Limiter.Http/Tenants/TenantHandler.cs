using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary><c>PUT GET DELETE /v1/tenants/{tenant}</c> and <c>GET /v1/tenants</c>.</summary>
public sealed class TenantHandler(
    IDirectory directory, TenantChanges changes, Checker checker, Func<Policy> policy, TimeProvider clock,
    Func<TenantId, CancellationToken, Task<bool>> forget)
{
    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return InputProblem.Invalid("tenant", RouteNames.NameRule);
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var (inForce, author) = (policy(), Author.Of(request, clock));
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TenantForm.TryRead(body, inForce, author.Now, out var form);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes
            .PutAsync(id, conditions, before => Changed(inForce, before, id, form, author), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? TenantJson.Show(change.Record!, Now(), change.IsNew ? 201 : 200);
    }

    /// <summary>The tenant with its keys, 100 unless <c>limit</c> says otherwise, those <c>after</c> a name.</summary>
    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (PageQuery.TryRead(request.Query, out var page) is { } problem) return problem;
        if (!RouteNames.TryTenant(request, out var id)
            || await directory.FindTenantAsync(id, cancellation).ConfigureAwait(false) is not { } tenant)
            return RouteNames.UnknownTenant();
        KeyId? after = KeyId.TryParse(page.After, out var key) ? key : null;
        if (page.After is not null && after is null) return InputProblem.Invalid("after", "a key's name");
        var keys = await directory.ListKeysAsync(id, after, page.Limit, cancellation).ConfigureAwait(false);
        var now = Now();
        return JsonBody.Object(StatusCodes.Status200OK, (tenant, keys, page, now), static (json, shown) =>
        {
            TenantJson.Write(json, shown.tenant, shown.now);
            KeyJson.WritePage(json, shown.keys, shown.page.Limit, shown.now);
        }).With(Preconditions.TagOf(tenant));
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var author = Author.Of(request, clock);
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (await directory.FindTenantAsync(id, cancellation).ConfigureAwait(false) is not { } before)
        {
            // An earlier removal may have come no further than this.
            await forget(id, cancellation).ConfigureAwait(false);
            return RouteNames.UnknownTenant();
        }
        if (conditions.Refuse(Preconditions.TagOf(before)) is { } refusal) return refusal;
        var told = ChangeValue.Tell(author, before, null, null);
        var removal = await directory
            .RemoveTenantAsync(id, conditions.IsAsked ? before.Version : null, told, cancellation)
            .ConfigureAwait(false);
        if (removal == TenantRemoval.Changed) return Preconditions.ChangedMeanwhile();
        // First: a removed tenant is admitted no more, even if what follows fails.
        checker.Forget(id);
        // Whoever is registered under this name next shall not be told of to this one's webhook.
        await forget(id, cancellation).ConfigureAwait(false);
        if (removal == TenantRemoval.NoSuchTenant) return RouteNames.UnknownTenant();
        return TypedResults.NoContent();
    }

    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (PageQuery.TryRead(request.Query, out var page) is { } problem) return problem;
        TenantId? after = TenantId.TryParse(page.After, out var name) ? name : null;
        if (page.After is not null && after is null) return InputProblem.Invalid("after", "a tenant's name");
        var tenants = await directory.ListTenantsAsync(after, page.Limit, cancellation).ConfigureAwait(false);
        return JsonBody.Object(StatusCodes.Status200OK, (tenants, page, now: Now()), static (json, shown) =>
        {
            json.WriteStartArray("tenants");
            foreach (var tenant in shown.tenants)
            {
                json.WriteStartObject();
                TenantJson.Write(json, tenant, shown.now);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("next", shown.tenants.Count < shown.page.Limit ? null : shown.tenants[^1].Id.Text);
        });
    }

    private static TenantChange Changed(
        Policy inForce, TenantRecord? before, TenantId id, TenantForm form, Author author)
    {
        if (form.Plan is null && before is null) return TenantForm.MissingPlan();
        var overrides = form.Overrides ?? before?.Overrides ?? ImmutableDictionary<LimitId, long>.Empty;
        // A plan that an earlier policy had may stay; nothing of it is checked.
        if (form.Plan is { } plan && TenantForm.RefuseMissing(inForce, plan, overrides) is { } missing) return missing;
        var known = before ?? new TenantRecord(
            id, form.Plan!.Name, 0, author.Now, overrides, ImmutableDictionary<LimitId, Adjustment>.Empty);
        var after = known with
        {
            Plan = form.Plan?.Name ?? known.Plan,
            Overrides = overrides,
            Suspension = form.TellsSuspension ? form.Suspension : known.Suspension,
        };
        var isSame = before is not null && before.Plan == after.Plan && before.Suspension == after.Suspension
            && ChangeValue.SameNumbers(before.Overrides, overrides);
        return isSame
            ? before!
            : new TenantChange(after, null) { Told = ChangeValue.Tell(author, before, after, form.Reason) };
    }

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
