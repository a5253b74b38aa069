using System.Collections.Concurrent;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Engine.Remotes;

namespace Limiter.Client.Remote;

/// <summary>
/// Who callers are, by the limiter's <c>POST /v1/identities</c>. A secret's digest leaves this process, it never does.
/// The limiter notes by itself that a key is in use when it is asked for it.
/// </summary>
internal sealed class RemoteIdentities : IIdentities
{
    private const int IdentitiesMax = 100;

    /// <summary>Milliseconds for which a tenant that was told with its key need not be asked for again.</summary>
    private const long ToldMs = 1_000;

    private const int ToldMax = 10_000;

    private readonly RemoteCalls _calls;
    private readonly Uri _address;
    private readonly string _edge;
    private readonly TimeProvider _clock;
    private readonly Batching<RemoteIdentity?> _batching;
    private readonly ConcurrentDictionary<TenantId, (TenantRecord Tenant, long At)> _told = new();

    public RemoteIdentities(RemoteCalls calls, EdgeId edge, TimeProvider clock)
    {
        (_calls, _address, _edge, _clock) = (calls, calls.At("v1/identities"), edge.ToString(), clock);
        // A burst of one caller who is not known yet asks once.
        _batching = new Batching<RemoteIdentity?>(IdentitiesMax, calls.Pace, CallAsync, shares: true);
    }

    public async ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (_told.TryRemove(tenant, out var told) && _clock.GetElapsedTime(told.At).TotalMilliseconds < ToldMs)
            return told.Tenant;
        return (await AskAsync(tenant.Text, cancellation).ConfigureAwait(false))?.Tenant;
    }

    public async ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        await AskAsync($"{tenant.Text}/{key.Text}", cancellation).ConfigureAwait(false) is { } identity
            ? KeyOf(identity, default)
            : null;

    public async ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var name = Convert.ToHexStringLower(hash.ToArray());
        if (await AskAsync(name, cancellation, isDigest: true).ConfigureAwait(false)
            is not { } identity) return null;
        if (_told.Count >= ToldMax) _told.Clear();
        _told[identity.Tenant.Id] = (identity.Tenant, _clock.GetTimestamp());
        return KeyOf(identity, hash);
    }

    private Task<RemoteIdentity?> AskAsync(string name, CancellationToken cancellation, bool isDigest = false)
    {
        var question = new Question<RemoteIdentity?>(name, null, _calls.Continuing)
        {
            IsSecond = isDigest,
            Telling = static failure => failure is RemoteException or FormatException
                ? new StoreUnavailableException(failure.Message, failure) : failure,
        };
        return _batching.AskAsync(question).WaitAsync(cancellation);
    }

    private async Task CallAsync(IReadOnlyList<Question<RemoteIdentity?>> batch)
    {
        using var answered = await _calls.PostAsync(_address, json =>
        {
            json.WriteString("edge"u8, _edge);
            Write(json, "credentials", batch, second: true);
            Write(json, "names", batch, second: false);
        }, CancellationToken.None).ConfigureAwait(false);
        if (answered.Failure is { } failure) foreach (var question in batch) question.Fail(failure);
        if (answered.Answer is not { } answer) return;
        foreach (var question in batch)
            if (answer.RootElement.TryGetProperty(question.IsSecond ? "credentials"u8 : "names"u8, out var identities)
                && identities.ValueKind == JsonValueKind.Object
                && identities.TryGetProperty(question.Name, out var one)) Answer(question, one);
    }

    private static void Answer(Question<RemoteIdentity?> question, JsonElement answer)
    {
        try
        {
            question.TrySetResult(answer.ValueKind == JsonValueKind.Null ? null : IdentityCodec.Read(answer));
        }
        catch (FormatException garbage)
        {
            question.Fail(garbage);
        }
    }

    private static KeyRecord KeyOf(RemoteIdentity identity, CredentialHash hash) =>
        new(identity.Tenant.Id, identity.Key, "", hash, default)
        {
            ExpiresAt = identity.EndsAt == Instant.Never ? null : identity.EndsAt,
        };

    private static void Write(
        Utf8JsonWriter json, string name, IReadOnlyList<Question<RemoteIdentity?>> questions, bool second)
    {
        if (!questions.Any(one => one.IsSecond == second)) return;
        json.WriteStartArray(name);
        foreach (var one in questions)
            if (one.IsSecond == second) json.WriteStringValue(one.Name);
        json.WriteEndArray();
    }
}
