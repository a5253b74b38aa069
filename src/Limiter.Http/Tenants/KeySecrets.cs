using System.Security.Cryptography;
using Limiter.Domain.Tenants;

namespace Limiter.Http.Tenants;

/// <summary>Mints secrets of keys.</summary>
internal static class KeySecrets
{
    /// <param name="kind">Live or test.</param>
    public static (string Secret, CredentialHash Hash) Mint(KeyKind kind)
    {
        var secret = Secret.Write(kind, RandomNumberGenerator.GetBytes(Secret.RandomBytes));
        return CredentialHash.TryCompute(secret, out var hash)
            ? (secret, hash)
            : throw new InvalidOperationException("A secret is too long.");
    }
}
