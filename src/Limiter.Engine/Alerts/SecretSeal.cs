using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>
/// Seals the secrets that webhooks are signed with: AES-256-GCM under a key that comes from the directory's signing
/// key, bound to the tenant. A row or an export of the alerts alone does not show them; a copy of the whole store does,
/// since it has to be able to sign. Thread-safe.
/// </summary>
public sealed class SecretSeal : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private const int KeyBytes = 32;

    // A cipher is for one thread at a time, and deliveries and requests come on many: each call makes its own.
    private readonly byte[] _key = new byte[KeyBytes];

    /// <param name="signingKey">The directory's, 32 bytes.</param>
    public SecretSeal(ReadOnlySpan<byte> signingKey)
    {
        HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, _key, [], "limiter alert secrets"u8);
    }

    public ImmutableArray<byte> Seal(TenantId tenant, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(
            nonce, plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length),
            Encoding.UTF8.GetBytes(tenant.Text));
        return [.. box];
    }

    /// <summary>Null when it was not sealed for this tenant by this store.</summary>
    public string? Open(TenantId tenant, ImmutableArray<byte> sealedSecret)
    {
        var bytes = sealedSecret.AsSpan();
        if (bytes.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Decrypt(
                bytes[..NonceBytes], bytes[NonceBytes..^TagBytes], bytes[^TagBytes..], plain,
                Encoding.UTF8.GetBytes(tenant.Text));
            return Encoding.UTF8.GetString(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
