using Limiter.Domain.Tenants;
using Limiter.Server.Commands.Importing;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Keys;

/// <summary>
/// Keys from a file, by the SHA-256 of their secrets: <c>tenant</c>, <c>name</c>, <c>hash</c>, and if there is one
/// <c>key</c> (the public name) and <c>expires</c>. Without a public name a key is named for its hash, so that a
/// repetition finds it.
/// </summary>
internal sealed class KeyImport : IImportKind
{
    private const string TenantColumn = "tenant", NameColumn = "name", HashColumn = "hash", KeyColumn = "key";
    private const string ExpiresColumn = "expires";

    // 96 bits tell the keys of a tenant apart.
    private const int DigitsInName = 24;

    private Columns _columns = null!;

    public string Noun => "keys";

    public string? ReadHeader(string[] columns)
    {
        if (Columns.TryRead(columns, [TenantColumn, NameColumn, HashColumn], out _columns) is { } wrong) return wrong;
        var strange = _columns.Names.FirstOrDefault(name =>
            name is not (TenantColumn or NameColumn or HashColumn or KeyColumn or ExpiresColumn));
        return strange is null
            ? null
            : $"there is no column '{strange}'; there are {TenantColumn}, {NameColumn}, {HashColumn}, {KeyColumn} "
                + $"and {ExpiresColumn}";
    }

    public (ImportLine? Line, string? Error) Read(string[] fields)
    {
        if (_columns.Refuse(fields) is { } wrong) return (null, wrong);
        var (tenant, name) = (_columns.Of(fields, TenantColumn), _columns.Of(fields, NameColumn));
        if (!TenantId.TryParse(tenant, out _)) return (null, $"'{tenant}' is no tenant's name");
        if (name.Length > KeyRecord.LabelLengthMax)
            return (null, $"the name is longer than {KeyRecord.LabelLengthMax} characters");
        var hash = _columns.Of(fields, HashColumn).ToLowerInvariant();
        if (hash.Length != CredentialHash.Bytes * 2 || !hash.All(char.IsAsciiHexDigit))
            return (null, "the hash is not the SHA-256 of the secret in 64 hexadecimal digits");
        var key = _columns.Of(fields, KeyColumn) is { Length: > 0 } given ? given : "k_" + hash[..DigitsInName];
        if (!KeyId.TryParse(key, out _)) return (null, $"'{key}' is no key's name");
        var expires = _columns.Of(fields, ExpiresColumn);
        if (expires.Length == 0) return (new KeyLine(tenant, key, name, hash, null), null);
        return Moment.TryParse(expires, out var end)
            ? (new KeyLine(tenant, key, name, hash, Moment.Format(end)), null)
            : (null, $"'{expires}' is no time such as 2027-01-01T00:00:00Z");
    }
}
