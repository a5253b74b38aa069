using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>The calls under <c>/v1/tenants/{tenant}/keys</c>: mint or import, list, read, revoke.</summary>
public sealed class KeyHandler(IDirectory directory, Checker checker, TimeProvider clock)
{
    /// <summary>Makes a key. A minted one's secret is in this answer and nowhere else.</summary>
    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)) return RouteNames.UnknownTenant();
        var author = Author.Of(request, clock);
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = KeyForm.TryRead(body, author.Now, out var form);
        body.Release();
        if (problem is not null) return problem;
        var (secret, hash) = form.Hash is { } known ? (null, known) : KeySecrets.Mint(form.Kind);
        var key = new KeyRecord(tenant, form.Key.IsNone ? NewName() : form.Key, form.Label, hash, author.Now)
        {
            Kind = form.Kind,
            ExpiresAt = form.ExpiresAt,
        };
        var what = form.Hash is null ? ChangeKind.KeyMinted : ChangeKind.KeyImported;
        var change = author.Tell(tenant, what, key.Key.Text) with
        {
            After = KeyJson.ValueOf(key, author.Now),
            Reason = form.Reason,
        };
        var addition = await directory.AddKeyAsync(key, change, cancellation).ConfigureAwait(false);
        if (addition != KeyAddition.Added) return Refusal(addition, form);
        checker.Forget(tenant);
        return Show(StatusCodes.Status201Created, key, secret);
    }

    /// <summary>The tenant's keys in the order of their names, page by page.</summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (PageQuery.TryRead(request.Query, out var page) is { } problem) return problem;
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        KeyId? after = KeyId.TryParse(page.After, out var name) ? name : null;
        if (page.After is not null && after is null) return InputProblem.Invalid("after", "a key's name");
        var keys = await directory.ListKeysAsync(tenant, after, page.Limit, cancellation).ConfigureAwait(false);
        var now = Instant.From(clock.GetUtcNow());
        return JsonBody.Object(StatusCodes.Status200OK, (keys, page.Limit, now), static (json, shown) =>
            KeyJson.WritePage(json, shown.keys, shown.Limit, shown.now));
    }

    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (PageQuery.RefuseAny(request.Query) is { } problem) return problem;
        var (key, missing) = await FindAsync(request, cancellation).ConfigureAwait(false);
        return key is null ? missing! : Show(StatusCodes.Status200OK, key, null);
    }

    /// <summary>Revokes a key: on this edge from the next request on.</summary>
    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (Preconditions.TryRead(request, out var conditions) is { } problem) return problem;
        var author = Author.Of(request, clock);
        var (key, missing) = await FindAsync(request, cancellation).ConfigureAwait(false);
        if (key is null) return missing!;
        if (conditions.Refuse(Preconditions.TagOf(key)) is { } refusal) return refusal;
        var change = author.Tell(key.Tenant, ChangeKind.KeyRevoked, key.Key.Text) with
        {
            Before = KeyJson.ValueOf(key, author.Now),
        };
        if (!await directory.RemoveKeyAsync(key.Tenant, key.Key, change, cancellation).ConfigureAwait(false))
            return RouteNames.UnknownKey();
        checker.Forget(key.Tenant);
        return TypedResults.NoContent();
    }

    /// <summary>The key that the path names, or what is to be answered.</summary>
    internal async Task<(KeyRecord? Key, Problem? Missing)> FindAsync(
        HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return (null, RouteNames.UnknownTenant());
        var found = RouteNames.TryKey(request, out var name)
            ? await directory.FindKeyAsync(tenant, name, cancellation).ConfigureAwait(false)
            : null;
        return (found, found is null ? RouteNames.UnknownKey() : null);
    }

    /// <param name="status">The HTTP status.</param>
    /// <param name="key">The key.</param>
    /// <param name="secret">Shown once; null for never.</param>
    internal IResult Show(int status, KeyRecord key, string? secret) => JsonBody.Object(
        status, (key, secret, now: Instant.From(clock.GetUtcNow())), static (json, shown) =>
        {
            KeyJson.Write(json, shown.key, shown.now);
            if (shown.secret is not null) json.WriteString("secret", shown.secret);
        }).With(Preconditions.TagOf(key));

    private static Problem Refusal(KeyAddition addition, KeyForm form) => addition switch
    {
        KeyAddition.NoSuchTenant => RouteNames.UnknownTenant(),
        KeyAddition.Exists => new Problem(409, ProblemCode.KeyExists, form.Hash is null
            ? "The tenant has a key of that name."
            : "The tenant has a key of that name, or the secret is a key's already.") { Field = "key" },
        _ => new Problem(409, ProblemCode.TooManyKeys,
            $"The tenant has {DirectoryBounds.KeysPerTenantMax} keys, and that is the most.")
        {
            Cap = DirectoryBounds.KeysPerTenantMax,
        },
    };

    /// <summary>96 random bits: two keys of one name do not happen.</summary>
    private static KeyId NewName() =>
        KeyId.TryParse("k_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), out var name)
            ? name
            : throw new InvalidOperationException("A key's own name is none.");
}
