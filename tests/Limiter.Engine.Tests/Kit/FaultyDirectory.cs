using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Kit;

/// <summary>A directory that can be out of reach, and that counts what it is asked.</summary>
internal sealed class FaultyDirectory(IDirectory directory) : IDirectory
{
    private int _reads;
    private int _marks;

    public bool Fails { get; set; }

    /// <summary>Whether a failure comes out of the call itself and not out of its task.</summary>
    public bool FailsAtOnce { get; set; }

    /// <summary>Whether no answer comes at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The tenant whose record cannot be read.</summary>
    public TenantId? Damaged { get; set; }

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>How often it was told that a key was used.</summary>
    public int Marks => Volatile.Read(ref _marks);

    /// <summary>Runs after a key was read and before the answer goes back.</summary>
    public Action? OnKeyRead { get; set; }

    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        Damaged == tenant
            ? throw new RecordFailedException("It cannot be read.")
            : Read(() => directory.FindTenantAsync(tenant, cancellation), cancellation);

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        ReadKey(() => directory.FindKeyAsync(tenant, key, cancellation), cancellation);

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) =>
        ReadKey(() => directory.FindCredentialAsync(hash, cancellation), cancellation);

    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation) =>
        directory.ListTenantsAsync(after, take, cancellation);

    public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation) =>
        directory.ListKeysAsync(tenant, after, take, cancellation);

    public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation) =>
        directory.ListChangesAsync(tenant, before, since, take, cancellation);

    public ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) =>
        directory.SaveTenantAsync(tenant, change, cancellation);

    public ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation) =>
        directory.RemoveTenantAsync(tenant, version, change, cancellation);

    public ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation) =>
        directory.AddKeyAsync(key, change, cancellation);

    public ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        directory.ReplaceKeyAsync(before, after, change, cancellation);

    public ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) =>
        directory.RemoveKeyAsync(tenant, key, change, cancellation);

    public ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation) =>
        directory.TellAsync(change, cancellation);

    public async ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _marks);
        if (Fails) throw new StoreUnavailableException("Out of reach.");
        await directory.MarkKeyUsedAsync(tenant, key, day, cancellation);
    }

    public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation) =>
        directory.PolicyGenerationAsync(digest, cancellation);

    public ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        directory.SigningKeyAsync(cancellation);

    private ValueTask<T> Read<T>(Func<ValueTask<T>> read, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        if (IsSilent) return new ValueTask<T>(new TaskCompletionSource<T>().Task.WaitAsync(cancellation));
        if (!Fails) return read();
        var failure = new StoreUnavailableException("Out of reach.");
        return FailsAtOnce ? throw failure : ValueTask.FromException<T>(failure);
    }

    private ValueTask<T> ReadKey<T>(Func<ValueTask<T>> read, CancellationToken cancellation)
    {
        var found = Read(read, cancellation);
        OnKeyRead?.Invoke();
        return found;
    }
}
