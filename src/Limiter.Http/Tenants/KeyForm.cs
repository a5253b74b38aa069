using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>The body that makes a key: to be minted, or known by its secret's hash.</summary>
internal sealed record KeyForm
{
    /// <summary>Furthest end of a key, in days.</summary>
    public const int ExpiryDaysMax = 3_660;

    private const int NameField = 0, KeyField = 1, KindField = 2, HashField = 3, ExpiresField = 4, ReasonField = 5;
    private const int HashLength = CredentialHash.Bytes * 2;

    private static readonly FieldNames Names = new("name", "key", "kind", "sha256", "expiresAt", "reason");

    public string Label { get; private set; } = "";

    /// <summary>None: it is given a name.</summary>
    public KeyId Key { get; private set; }

    public KeyKind Kind { get; private set; }

    /// <summary>Null: the secret is to be minted.</summary>
    public CredentialHash? Hash { get; private set; }

    public Instant? ExpiresAt { get; private set; }

    public string? Reason { get; private set; }

    public static Problem? TryRead(in RequestBody body, Instant now, out KeyForm form)
    {
        form = new KeyForm();
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field) && form.Read(ref json, field, now)) { }
        if (json.Problem is not null) return json.Problem;
        if (!json.Has(NameField)) return InputProblem.Missing(Names[NameField]);
        if (form.Hash is null) return null;
        if (json.Has(KindField))
            return InputProblem.Conflicting(Names[KindField], "A key that is known by its hash has no kind.");
        form.Kind = KeyKind.Imported;
        return null;
    }

    private bool Read(ref StrictReader json, int field, Instant now)
    {
        var text = "";
        var read = field switch
        {
            NameField => json.Text(Names[field], KeyRecord.LabelLengthMax, out text),
            KeyField => ReadKey(ref json),
            KindField => ReadKind(ref json),
            HashField => ReadHash(ref json),
            ExpiresField => ReadExpiry(ref json, now),
            _ => json.Text(Names[field], Adjustment.ReasonLengthMax, out text),
        };
        if (field == NameField) Label = text;
        if (field == ReasonField) Reason = text;
        return read;
    }

    private bool ReadKey(ref StrictReader json)
    {
        if (!json.Text(Names[KeyField], KeyId.LengthMax, out var text)) return false;
        if (!KeyId.TryParse(text, out var key))
            return json.Fail(InputProblem.Invalid(Names[KeyField], RouteNames.NameRule));
        Key = key;
        return true;
    }

    private bool ReadKind(ref StrictReader json)
    {
        Kind = json.Is("test"u8) ? KeyKind.Test : KeyKind.Live;
        return json.Is("test"u8) || json.Is("live"u8)
            || json.Fail(InputProblem.Invalid(Names[KindField], "\"live\" or \"test\""));
    }

    private bool ReadHash(ref StrictReader json)
    {
        const string rule = "the SHA-256 of the secret, 64 hexadecimal digits";
        if (!json.Text(Names[HashField], HashLength, out var text)) return false;
        Span<byte> bytes = stackalloc byte[CredentialHash.Bytes];
        if (text.Length != HashLength
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return json.Fail(InputProblem.Invalid(Names[HashField], rule));
        Hash = CredentialHash.Read(bytes);
        return true;
    }

    private bool ReadExpiry(ref StrictReader json, Instant now)
    {
        var read = FutureTimeField.Read(ref json, Names[ExpiresField], now, ExpiryDaysMax, out var time);
        ExpiresAt = time;
        return read;
    }
}
