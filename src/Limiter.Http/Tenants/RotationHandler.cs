using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>
/// <c>POST /v1/tenants/{tenant}/keys/{key}/rotate</c>: another secret for the same key, while the present one works on
/// for a while. What it counts stays: it is the same key.
/// </summary>
public sealed class RotationHandler(IDirectory directory, KeyHandler keys, Checker checker, TimeProvider clock)
{
    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (Preconditions.TryRead(request, out var conditions) is { } unreadable) return unreadable;
        var author = Author.Of(request, clock);
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = RotationForm.TryRead(body, author.Now, out var form);
        body.Release();
        if (problem is not null) return problem;
        var (before, missing) = await keys.FindAsync(request, cancellation).ConfigureAwait(false);
        if (before is null) return missing!;
        if (conditions.Refuse(Preconditions.TagOf(before)) is { } refusal) return refusal;
        var kind = before.Kind == KeyKind.Test ? KeyKind.Test : KeyKind.Live;
        var (secret, hash) = KeySecrets.Mint(kind);
        var after = before with
        {
            Kind = kind,
            Hash = hash,
            Retiring = new RetiringSecret(before.Hash, author.Now + form.OverlapMs),
            ExpiresAt = form.ExpiresAt ?? before.ExpiresAt,
        };
        var change = author.Tell(before.Tenant, ChangeKind.KeyRotated, before.Key.Text) with
        {
            Before = KeyJson.ValueOf(before, author.Now),
            After = KeyJson.ValueOf(after, author.Now),
            Reason = form.Reason,
        };
        var replacement = await directory.ReplaceKeyAsync(before, after, change, cancellation).ConfigureAwait(false);
        if (replacement != KeyReplacement.Replaced)
            return new Problem(409, ProblemCode.Busy, "The key is being changed by others; nothing was changed.");
        checker.Forget(before.Tenant);
        return keys.Show(StatusCodes.Status200OK, after, secret);
    }
}
