using System.Buffers.Text;
using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary><c>POST /v1/tenants/{tenant}/keys</c> and <c>DELETE /v1/tenants/{tenant}/keys/{key}</c>.</summary>
public sealed class KeyHandler(IDirectory directory, Checker checker, TimeProvider clock)
{
    /// <summary>How every secret begins, so that a leaked one is recognised by scanners and by people.</summary>
    public const string SecretPrefix = "lk_";

    private const int SecretBytes = 32;
    private const int NameField = 0, KeyField = 1;

    private static readonly FieldNames Names = new("name", "key");

    /// <summary>Mints a key. The secret is in this answer and nowhere else.</summary>
    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)) return RouteNames.UnknownTenant();
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = TryRead(body, out var label, out var key);
        body.Release();
        if (problem is not null) return problem;
        var secret = SecretPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        if (!CredentialHash.TryCompute(secret, out var hash))
            throw new InvalidOperationException("A secret is too long.");
        var record = new KeyRecord(tenant, key, label, hash, Instant.From(clock.GetUtcNow()));
        var addition = await directory.AddKeyAsync(record, cancellation).ConfigureAwait(false);
        if (addition == KeyAddition.Added) checker.Forget(tenant);
        return addition switch
        {
            KeyAddition.Added => Minted(record, secret),
            KeyAddition.NoSuchTenant => RouteNames.UnknownTenant(),
            KeyAddition.Exists => new Problem(409, ProblemCode.KeyExists, "The tenant has a key of that name.")
            {
                Field = Names[KeyField],
            },
            _ => new Problem(409, ProblemCode.TooManyKeys,
                $"The tenant has {DirectoryBounds.KeysPerTenantMax} keys, and that is the most.")
            {
                Cap = DirectoryBounds.KeysPerTenantMax,
            },
        };
    }

    /// <summary>Revokes a key: on this edge from the next request on.</summary>
    public async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        if (!RouteNames.TryKey(request, out var key)
            || !await directory.RemoveKeyAsync(tenant, key, cancellation).ConfigureAwait(false))
            return new Problem(404, ProblemCode.UnknownKey, "The tenant has no such key.") { Field = "key" };
        checker.Forget(tenant);
        return TypedResults.NoContent();
    }

    private static Problem? TryRead(in RequestBody body, out string label, out KeyId key)
    {
        (label, key) = ("", default);
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var keyText = "";
        if (json.Open())
            while (json.Next(Names, out var field) && (field == NameField
                ? json.Text(Names[field], KeyRecord.LabelLengthMax, out label)
                : json.Text(Names[field], KeyId.LengthMax, out keyText))) { }
        if (json.Problem is not null) return json.Problem;
        if (!json.Has(NameField)) return InputProblem.Missing(Names[NameField]);
        if (!json.Has(KeyField)) keyText = NewName();
        return KeyId.TryParse(keyText, out key) ? null : InputProblem.Invalid(Names[KeyField], RouteNames.NameRule);
    }

    /// <summary>96 random bits: two keys of one name do not happen.</summary>
    private static string NewName() => "k_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    private static JsonBody Minted(KeyRecord record, string secret) =>
        JsonBody.Object(StatusCodes.Status201Created, (record, secret), static (json, minted) =>
        {
            TenantJson.WriteKey(json, minted.record);
            json.WriteString("secret", minted.secret);
        });
}
