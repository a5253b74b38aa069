using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>One edge's way to the register of tenants: answers take a while, and sometimes fail.</summary>
/// <param name="store">What is in the register now.</param>
/// <param name="process">Who asks.</param>
/// <param name="pump">True time.</param>
/// <param name="dice">Delays.</param>
/// <param name="isAway">Whether the register cannot be reached now.</param>
internal sealed class EdgeDirectory(
    InMemoryDirectory store, Process process, Pump pump, Dice dice, Func<bool> isAway) : IDirectory
{
    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        Ask(() => store.FindTenantAsync(tenant, cancellation));

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        Ask(() => store.FindKeyAsync(tenant, key, cancellation));

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) =>
        Ask(() => store.FindCredentialAsync(hash, cancellation));

    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation) =>
        Ask(() => store.ListTenantsAsync(after, take, cancellation));

    public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation) =>
        Ask(() => store.ListKeysAsync(tenant, after, take, cancellation));

    public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation) =>
        Ask(() => store.ListChangesAsync(tenant, before, since, take, cancellation));

    public ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) =>
        Ask(() => store.SaveTenantAsync(tenant, change, cancellation));

    public ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation) =>
        Ask(() => store.RemoveTenantAsync(tenant, version, change, cancellation));

    public ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation) =>
        Ask(() => store.AddKeyAsync(key, change, cancellation));

    public ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        Ask(() => store.ReplaceKeyAsync(before, after, change, cancellation));

    public ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) =>
        Ask(() => store.RemoveKeyAsync(tenant, key, change, cancellation));

    public async ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
        await Ask(async () =>
        {
            await store.MarkKeyUsedAsync(tenant, key, day, cancellation);
            return true;
        });

    public async ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation) =>
        await Ask(async () =>
        {
            await store.TellAsync(change, cancellation);
            return true;
        });

    public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation) =>
        Ask(() => store.PolicyGenerationAsync(digest, cancellation));

    public ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        Ask(() => store.SigningKeyAsync(cancellation));

    // Read in the middle of the way, so that a change may come before or after it.
    private ValueTask<T> Ask<T>(Func<ValueTask<T>> ask)
    {
        pump.CheckThread();
        var asked = new TaskCompletionSource<T>();
        pump.In(dice.Between(1, 4) * Pump.Millisecond, null, () =>
        {
            var failed = isAway();
            var answer = failed ? default! : ask().AsTask().GetAwaiter().GetResult();
            pump.In(dice.Between(1, 4) * Pump.Millisecond, process, () =>
            {
                if (failed) asked.SetException(new StoreUnavailableException("The register is away."));
                else asked.SetResult(answer);
            });
        });
        return new ValueTask<T>(asked.Task);
    }
}
