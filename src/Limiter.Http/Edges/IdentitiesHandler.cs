using System.Buffers;
using System.Text.Json;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Remotes;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Edges;

/// <summary>
/// <c>POST /v1/identities</c>: whose secrets have these hashes, and what the directory has of these tenants and keys.
/// What nobody has is told as null. Secrets are not asked for. Counts among an edge's calls as those for leases do.
/// </summary>
public sealed class IdentitiesHandler(RemoteEdges remotes)
{
    /// <summary>Most identities of one call.</summary>
    public const int IdentitiesMax = 100;

    /// <summary>Seconds for which an edge may go by an answer without asking again.</summary>
    public const int KeepSeconds = 30;

    private const int EdgeField = 0, CredentialsField = 1, NamesField = 2;

    private static readonly FieldNames Names = new("edge", "credentials", "names");

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        if (TryRead(body, out var edge, out var asked) is { } problem) return problem;
        if (!remotes.TryCall(edge, asked.Count)) return LeasesHandler.TooMany;
        var found = await Task.WhenAll(asked.Select(async one =>
            (one, Identity: await FindAsync(one, cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        return JsonBody.Object(StatusCodes.Status200OK, found, Write);
    }

    private ValueTask<RemoteIdentity?> FindAsync(in Asked one, CancellationToken cancellation) => one.Hash is { } hash
        ? remotes.IdentifyAsync(hash, cancellation)
        : remotes.IdentifyAsync(one.Tenant, one.Key, cancellation);

    private static void Write(Utf8JsonWriter json, (Asked Asked, RemoteIdentity? Identity)[] found)
    {
        json.WriteNumber("keepSeconds"u8, KeepSeconds);
        foreach (var field in (ReadOnlySpan<int>)[CredentialsField, NamesField])
        {
            json.WriteStartObject(Names[field]);
            foreach (var (asked, identity) in found)
            {
                if (asked.Hash is null != (field == NamesField)) continue;
                json.WritePropertyName(asked.Name);
                Write(json, identity);
            }
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, RemoteIdentity? identity)
    {
        if (identity is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        IdentityCodec.Write(json, identity);
        json.WriteEndObject();
    }

    private static Problem? TryRead(in RequestBody body, out EdgeId edge, out List<Asked> asked)
    {
        (edge, asked) = (default, []);
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field))
                if (!(field == EdgeField
                    ? LeasesForm.ReadEdge(ref json, Names[field], ref edge) : Read(ref json, field, asked))) break;
        if (json.Problem is null)
        {
            if (!json.Has(EdgeField)) json.Fail(InputProblem.Missing(Names[EdgeField]));
            else if (asked.Count == 0) json.Fail(InputProblem.Missing(Names[CredentialsField]));
        }
        body.Release();
        return json.Problem;
    }

    private static bool Read(ref StrictReader json, int field, List<Asked> asked)
    {
        if (!json.OpenList(Names[field])) return false;
        while (json.NextItem())
        {
            if (!json.Text(Names[field], TenantId.LengthMax + 1 + KeyId.LengthMax, out var name)) return false;
            if (!(field == NamesField ? TryName(name, out var one) : TryHash(name, out one)))
                return json.Fail(InputProblem.Invalid(Names[field], field == NamesField
                    ? "a list of tenants, or of tenant/key"
                    : "a list of SHA-256 digests, 64 small hexadecimal digits each"));
            if (asked.Exists(other => other.Name == name && other.Hash == one.Hash))
                return json.Fail(InputProblem.Duplicate(name));
            asked.Add(one);
            if (asked.Count > IdentitiesMax)
                return json.Fail(InputProblem.Invalid(Names[field], $"at most {IdentitiesMax}, with the others"));
        }
        return json.Problem is null;
    }

    private static bool TryHash(string text, out Asked asked)
    {
        Span<byte> digest = stackalloc byte[CredentialHash.Bytes];
        asked = default;
        if (text.Length != CredentialHash.Bytes * 2
            || Convert.FromHexString(text, digest, out _, out _) != OperationStatus.Done
            || Convert.ToHexStringLower(digest) != text) return false;
        asked = new Asked(text, CredentialHash.Read(digest), default, default);
        return true;
    }

    private static bool TryName(string text, out Asked asked)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var key = default(KeyId);
        asked = default;
        if (!TenantId.TryParse(slash < 0 ? text : text[..slash], out var tenant)) return false;
        if (slash >= 0 && !KeyId.TryParse(text[(slash + 1)..], out key)) return false;
        asked = new Asked(text, null, tenant, key);
        return true;
    }

    private readonly record struct Asked(string Name, CredentialHash? Hash, TenantId Tenant, KeyId Key);
}
