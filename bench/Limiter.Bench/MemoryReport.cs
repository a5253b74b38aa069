using System.Collections.Immutable;
using System.Globalization;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Bench;

/// <summary>
/// What a tenant costs an edge in memory: after one check (decided where its bucket is), with a lease, and after it has
/// been idle. The directory and the buckets of this report keep nothing, so only the edge's own memory is counted.
/// </summary>
internal static class MemoryReport
{
    public static async Task RunAsync(int tenants)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "policies", "waqti.json"));
        if (!PolicyFile.TryCompile(file, out var policy, out var errors))
            throw new InvalidOperationException(string.Join('\n', errors));
        var names = Enumerable.Range(0, tenants).Select(i => string.Create(null, $"tenant-{i}")).ToArray();
        await using var checker = new Checker(
            new PolicyInForce(policy, 1), new EdgeId(1), new AnyTenant(), new ForgetfulBuckets(clock), clock);
        var decision = new Decision();
        var before = Settled();
        await CheckAllAsync(1);
        Report("after one check each", Settled() - before);
        await CheckAllAsync(3);
        Report("with a lease each", Settled() - before);
        clock.Advance(TimeSpan.FromMinutes(5));
        await Task.Yield();
        clock.Advance(TimeSpan.FromMinutes(5));
        Report("after ten idle minutes", Settled() - before);

        async Task CheckAllAsync(int times)
        {
            foreach (var name in names)
                for (var i = 0; i < times; i++)
                    await checker.CheckAsync(new Check { Tenant = name, Method = "GET", Path = "/" }, decision, default);
        }

        void Report(string when, long bytes) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{when}: {bytes / tenants} bytes a tenant, {checker.BucketsInUse} buckets in use"));
    }

    private static long Settled()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed class ForgetfulBuckets(TimeProvider clock) : IBuckets
    {
        public ValueTask<ReserveReply> ReserveAsync(
            BucketId bucket, ReserveRequest request, CancellationToken cancellation) =>
            new(Bucket.Reserve(null, request, Limiter.Domain.Instant.From(clock.GetUtcNow())).Reply);

        public ValueTask<ChargeOutcome> ChargeAsync(
            BucketId bucket, ChargeRequest request, CancellationToken cancellation) => new(ChargeOutcome.Expired);
    }

    private sealed class AnyTenant : IDirectory
    {
        public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) => new(
            new TenantRecord(
                tenant, "basic", 1, default, ImmutableDictionary<LimitId, long>.Empty,
                ImmutableDictionary<LimitId, Adjustment>.Empty));

        public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) => default;

        public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) => default;

        public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
            TenantId? after, int take, CancellationToken cancellation) => new([]);

        public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
            TenantId tenant, KeyId? after, int take, CancellationToken cancellation) => new([]);

        public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
            TenantId tenant, long? before, Limiter.Domain.Instant since, int take, CancellationToken cancellation) =>
            new([]);

        public ValueTask<TenantRecord?> SaveTenantAsync(
            TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) => new(tenant);

        public ValueTask<TenantRemoval> RemoveTenantAsync(
            TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation) =>
            new(TenantRemoval.NoSuchTenant);

        public ValueTask<KeyAddition> AddKeyAsync(
            KeyRecord key, ChangeRecord? change, CancellationToken cancellation) => new(KeyAddition.NoSuchTenant);

        public ValueTask<KeyReplacement> ReplaceKeyAsync(
            KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
            new(KeyReplacement.Changed);

        public ValueTask<bool> RemoveKeyAsync(
            TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) => new(false);

        public ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
            default;

        public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation) => new(1);

        public ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) => new(new byte[32]);
    }
}
