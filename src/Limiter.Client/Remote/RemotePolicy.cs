using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Client.Remote;

/// <summary>The limiter's policy in force, and how it has its edges lease.</summary>
/// <param name="Policy">Compiled here, of the very bytes that the limiter compiled.</param>
/// <param name="Generation">Its place in time.</param>
/// <param name="LeaseMs">Longest lifetime of a lease.</param>
/// <param name="WaitMs">How long the limiter waits for a bucket.</param>
/// <param name="Tag">Names it, so that it is told again only when it has changed.</param>
internal sealed record RemotePolicy(
    Policy Policy, long Generation, long LeaseMs, long WaitMs, EntityTagHeaderValue? Tag)
{
    private const long WaitMsMax = 30_000;

    /// <summary>Reads it; null while it is the one of the tag.</summary>
    /// <exception cref="RemoteException">The limiter cannot be asked, or tells what is no policy.</exception>
    public static async Task<RemotePolicy?> ReadAsync(
        RemoteCalls calls, EntityTagHeaderValue? known, CancellationToken cancellation)
    {
        using var told = await calls.GetAsync(calls.At("v1/policy"), known, cancellation).ConfigureAwait(false);
        if (told.Failure is { } failure) throw failure;
        if (told.Answer is not { } answer) return null;
        try
        {
            return Read(answer.RootElement, told.Tag);
        }
        catch (Exception garbage) when (garbage is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RemoteException($"The limiter's policy cannot be read: {garbage.Message}", garbage);
        }
    }

    private static RemotePolicy Read(JsonElement json, EntityTagHeaderValue? tag)
    {
        var source = Encoding.UTF8.GetBytes(json.GetProperty("source"u8).GetString() ?? "");
        if (Convert.ToHexStringLower(SHA256.HashData(source)) != json.GetProperty("sha256"u8).GetString())
            throw new RemoteException("The limiter's policy was changed on its way: its digest is another.");
        if (!PolicyFile.TryCompile(source, out var policy, out var errors))
            throw new RemoteException($"The limiter's policy cannot be compiled by this version: {errors[0]}");
        var generation = json.GetProperty("generation"u8).GetInt64();
        var (lease, wait) = (json.GetProperty("leaseMs"u8).GetInt64(), json.GetProperty("waitMs"u8).GetInt64());
        if (generation < 1 || lease is < 0 or > Lease.LifetimeMsMax || wait is < 1 or > WaitMsMax)
            throw new RemoteException("The limiter's policy says what cannot be.");
        return new RemotePolicy(policy, generation, lease, wait, tag);
    }
}
