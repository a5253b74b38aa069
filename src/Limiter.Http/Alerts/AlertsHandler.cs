using System.Collections.Immutable;
using System.Security.Cryptography;
using Limiter.Domain.Alerts;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Alerts;

/// <summary><c>PUT GET DELETE /v1/tenants/{tenant}/alerts</c>: of what a tenant is told, and where.</summary>
public sealed class AlertsHandler(
    IDirectory directory, IAlertStore alerts, AlertWatch watch, SecretSeal seal, WebhookTargets targets,
    Func<Policy> policy, TimeProvider clock)
{
    /// <summary>Each lost round means that another change was saved.</summary>
    private const int AttemptsMax = 16;

    private const string SecretPrefix = "lwh_";
    private const int SecretBytes = 32;

    /// <summary>Saves a rule. A secret that is minted for it is in this answer and nowhere else.</summary>
    public async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = AlertRuleForm.TryRead(body, policy(), targets, out var form);
        body.Release();
        if (problem is not null) return problem;
        if (form.Webhook is { } hook && await targets.RefuseAsync(hook, cancellation).ConfigureAwait(false) is { } must)
            return AlertRuleForm.RefusedWebhook(must);
        return await SaveAsync(tenant, form, Author.Of(request, clock), cancellation).ConfigureAwait(false);
    }

    /// <summary>The rule in force; one of the tenant's own, or the one for all.</summary>
    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        var own = await alerts.FindRuleAsync(tenant, cancellation).ConfigureAwait(false);
        return Show(tenant, own?.Rule ?? watch.Otherwise, own is not null, null, StatusCodes.Status200OK);
    }

    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        var before = await alerts.FindRuleAsync(tenant, cancellation).ConfigureAwait(false);
        if (before is not null)
            await directory.TellAsync(
                Author.Of(request, clock).Tell(tenant, ChangeKind.AlertsRemoved) with
                {
                    Before = AlertRuleJson.Tell(before.Rule),
                },
                cancellation).ConfigureAwait(false);
        return await ForgetAsync(tenant, cancellation).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : new Problem(404, ProblemCode.NoSuchAlertRule, "The tenant has no alert rule of its own.");
    }

    /// <summary>Removes a tenant's rule, as when the tenant itself is removed; false when there is none.</summary>
    public async Task<bool> ForgetAsync(TenantId tenant, CancellationToken cancellation)
    {
        var removed = await alerts.RemoveRuleAsync(tenant, cancellation).ConfigureAwait(false);
        watch.Adopt(tenant, null);
        return removed;
    }

    private async Task<IResult> SaveAsync(
        TenantId tenant, AlertRuleForm form, Author author, CancellationToken cancellation)
    {
        var isTold = false;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var before = await alerts.FindRuleAsync(tenant, cancellation).ConfigureAwait(false);
            var (secret, minted) = SecretFor(tenant, form, before?.Rule);
            var rule = new AlertRule(tenant, form.Thresholds, form.Limits, form.Summary, form.Webhook, secret);
            // Told before it is made, and once however often it is tried.
            if (!isTold)
                await directory.TellAsync(
                    author.Tell(tenant, ChangeKind.AlertsSet) with
                    {
                        Before = before is null ? null : AlertRuleJson.Tell(before.Rule),
                        After = AlertRuleJson.Tell(rule),
                    },
                    cancellation).ConfigureAwait(false);
            isTold = true;
            if (!await alerts.SaveRuleAsync(rule, before?.Version, cancellation).ConfigureAwait(false)) continue;
            watch.Adopt(tenant, rule);
            if (await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            {
                // It was removed meanwhile: its rule must not fall to whoever is registered under this name next.
                await ForgetAsync(tenant, cancellation).ConfigureAwait(false);
                return RouteNames.UnknownTenant();
            }
            return Show(
                tenant, rule, true, minted,
                before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }
        return new Problem(503, ProblemCode.Busy, "The rule is being changed by others; nothing was changed.")
        {
            RetryAfter = 1,
        };
    }

    private (ImmutableArray<byte> Sealed, string? Minted) SecretFor(
        TenantId tenant, AlertRuleForm form, AlertRule? before)
    {
        if (form.Webhook is null) return ([], null);
        if (form.Secret is { } given) return (seal.Seal(tenant, given), null);
        if (before is { SealedSecret.IsEmpty: false } && seal.Open(tenant, before.SealedSecret) is not null)
            return (before.SealedSecret, null);
        var minted = SecretPrefix + RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true);
        return (seal.Seal(tenant, minted), minted);
    }

    private static JsonBody Show(TenantId tenant, AlertRule rule, bool own, string? secret, int status) =>
        JsonBody.Object(status, (tenant, rule, own, secret), static (json, shown) =>
        {
            json.WriteString("tenant", shown.tenant.Text);
            json.WriteBoolean("own", shown.own);
            AlertRuleJson.Write(json, shown.rule, shown.rule.Webhook?.OriginalString);
            if (shown.secret is not null) json.WriteString("secret", shown.secret);
        });
}
