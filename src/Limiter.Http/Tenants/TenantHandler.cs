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
    IDirectory directory, TenantChanges changes, Checker checker, Func<Policy> policy, TimeProvider clock)
{
    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return InputProblem.Invalid("tenant", RouteNames.NameRule);
        var inForce = policy();
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TenantForm.TryRead(body, inForce, out var form);
        body.Release();
        if (problem is not null) return problem;
        var change = await changes.ApplyAsync(id, before => Changed(inForce, before, id, form), cancellation)
            .ConfigureAwait(false);
        return change.Problem as IResult ?? Show(change.Record!, change.IsNew ? 201 : 200);
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
            json.WriteStartArray("keys");
            foreach (var record in shown.keys)
            {
                json.WriteStartObject();
                TenantJson.WriteKey(json, record);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("next", shown.keys.Count < shown.page.Limit ? null : shown.keys[^1].Key.Text);
        });
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var id)) return RouteNames.UnknownTenant();
        if (!await directory.RemoveTenantAsync(id, cancellation).ConfigureAwait(false))
            return RouteNames.UnknownTenant();
        checker.Forget(id);
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

    private TenantChange Changed(Policy inForce, TenantRecord? before, TenantId id, TenantForm form)
    {
        var none = ImmutableDictionary<LimitId, long>.Empty;
        var overrides = form.Overrides ?? before?.Overrides ?? none;
        if (TenantForm.RefuseMissing(inForce, form.Plan, overrides) is { } missing) return missing;
        if (before is null)
            return new TenantRecord(
                id, form.Plan.Name, 0, Now(), overrides, ImmutableDictionary<LimitId, Adjustment>.Empty);
        var isSame = before.Plan == form.Plan.Name && SameNumbers(before.Overrides, overrides);
        return isSame ? before : before with { Plan = form.Plan.Name, Overrides = overrides };
    }

    private static bool SameNumbers(
        ImmutableDictionary<LimitId, long> left, ImmutableDictionary<LimitId, long> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var number) && number == pair.Value);

    private JsonBody Show(TenantRecord tenant, int status) => JsonBody.Object(status, (tenant, now: Now()),
        static (json, shown) => TenantJson.Write(json, shown.tenant, shown.now));

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
