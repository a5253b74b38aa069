using System.Globalization;
using Limiter.Domain.Tenants;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Limiter.Http.Tenants;

/// <summary>
/// What a caller asks of the state that it changes: <c>If-Match</c>, and <c>If-None-Match</c> (RFC 9110, sections
/// 13.1.1 and 13.1.2). Without either, anything is changed.
/// </summary>
internal sealed class Preconditions
{
    private const int TagsMax = 20;

    private static readonly Preconditions None = new(null, null);

    private readonly IList<EntityTagHeaderValue>? _match;
    private readonly IList<EntityTagHeaderValue>? _noneMatch;

    private Preconditions(IList<EntityTagHeaderValue>? match, IList<EntityTagHeaderValue>? noneMatch) =>
        (_match, _noneMatch) = (match, noneMatch);

    /// <summary>Whether the caller asks anything.</summary>
    public bool IsAsked => this != None;

    /// <summary>A tenant's tag is its version.</summary>
    public static string TagOf(TenantRecord tenant) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{tenant.Version}\"");

    /// <summary>A key's tag differs after every rotation, and tells nothing of the secret's hash.</summary>
    public static string TagOf(KeyRecord key)
    {
        Span<byte> digest = stackalloc byte[CredentialHash.Bytes];
        System.Security.Cryptography.SHA256.HashData(key.Hash.ToArray(), digest);
        return $"\"{Convert.ToHexStringLower(digest[..8])}\"";
    }

    public static Problem? TryRead(HttpRequest request, out Preconditions conditions)
    {
        conditions = None;
        if (TryRead(request, HeaderNames.IfMatch, out var match) is { } problem) return problem;
        if (TryRead(request, HeaderNames.IfNoneMatch, out var noneMatch) is { } other) return other;
        if (match is not null || noneMatch is not null) conditions = new Preconditions(match, noneMatch);
        return null;
    }

    /// <summary>Why nothing may be changed; null when it may.</summary>
    /// <param name="tag">Of the present state; null when there is none.</param>
    public Problem? Refuse(string? tag)
    {
        // Tags are compared strongly here: a weak one matches nothing.
        if (_match is not null && !Has(_match, tag, useStrong: true))
            return Failed("It is not in the state that If-Match asks for", tag);
        return _noneMatch is not null && Has(_noneMatch, tag, useStrong: false)
            ? Failed("It is in a state that If-None-Match excludes", tag)
            : null;
    }

    /// <summary>The state was right when it was looked at, and not any more when it was to be changed.</summary>
    public static Problem ChangedMeanwhile() => Failed("It is not in the state that If-Match asks for any more", "");

    private static bool Has(IList<EntityTagHeaderValue> tags, string? tag, bool useStrong)
    {
        if (tag is null) return false;
        var present = new EntityTagHeaderValue(tag);
        foreach (var one in tags)
            if (one.Equals(EntityTagHeaderValue.Any) || one.Compare(present, useStrong)) return true;
        return false;
    }

    private static Problem? TryRead(HttpRequest request, string header, out IList<EntityTagHeaderValue>? tags)
    {
        tags = null;
        var values = request.Headers[header];
        if (values.Count == 0) return null;
        if (EntityTagHeaderValue.TryParseStrictList(values, out tags) && tags.Count is > 0 and <= TagsMax) return null;
        return new Problem(400, ProblemCode.InvalidField,
            $"The header {header} must be * or at most {TagsMax} entity tags.") { Field = header };
    }

    private static Problem Failed(string why, string? tag) => new(412, ProblemCode.PreconditionFailed,
        tag is null ? $"{why}: there is none." : $"{why}; nothing was changed.")
    {
        ETag = string.IsNullOrEmpty(tag) ? null : tag,
    };
}
