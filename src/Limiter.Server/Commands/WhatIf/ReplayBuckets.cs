using System.Collections.Immutable;
using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>
/// One tenant's buckets under the proposed policy, asked by one edge that holds no leases: each check is decided
/// exactly, by the same code that would decide it.
/// </summary>
internal sealed class ReplayBuckets
{
    /// <summary>Most buckets of one tenant at a time; those at rest make room.</summary>
    public const int BucketsMax = 100_000;

    // Any generation: the buckets begin empty.
    private const long Generation = 1;

    private static readonly EdgeId Edge = new(1);

    private readonly Policy _policy;
    private readonly Terms[] _terms;
    private readonly Dictionary<(int Layout, string Value), Entry> _buckets = [];
    private readonly List<(Entry Entry, BucketState Next)> _next = [];

    public ReplayBuckets(Policy policy, Plan plan, TenantRecord tenant)
    {
        _policy = policy;
        _terms = [.. policy.Layouts.Select((_, layout) =>
            TermsResolver.Resolve(policy, Generation, layout, plan, tenant))];
    }

    /// <summary>Decides one check, and charges it if it passes.</summary>
    /// <param name="rule">Its rule.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cost">At least 1.</param>
    /// <param name="now">Never before the check before.</param>
    /// <returns>The limits that deny it, as bits of <see cref="Policy.Limits"/>; 0 when it passes.</returns>
    public uint Decide(EndpointRule rule, string key, long cost, Instant now)
    {
        var denied = 0u;
        _next.Clear();
        foreach (var demand in rule.Demands)
        {
            var layout = _policy.Layouts[demand.Layout];
            // Which addresses asked was not counted.
            if (layout.Partition == Partition.Ip) continue;
            var entry = Find(demand.Layout, layout.Partition == Partition.Key ? key : "", now);
            var request = new ReserveRequest(
                Edge, ++entry.Number, entry.Number - 1, _terms[demand.Layout], 0, [], Wants(demand, cost), []);
            var (reply, next) = Bucket.Reserve(entry.State, request, now);
            _next.Add((entry, next));
            if (reply.Outcome is ReserveOutcome.Denied or ReserveOutcome.Never)
                denied |= LimitsOf(layout, reply.Violated);
        }
        // All or nothing: what one bucket granted is not kept when another denied.
        if (denied != 0) return denied;
        foreach (var (entry, next) in _next) entry.State = next;
        return 0;
    }

    private Entry Find(int layout, string value, Instant now)
    {
        if (_buckets.TryGetValue((layout, value), out var entry)) return entry;
        if (_buckets.Count >= BucketsMax) Sweep(now);
        return _buckets[(layout, value)] = new Entry();
    }

    private void Sweep(Instant now)
    {
        foreach (var (id, entry) in _buckets)
            if (entry.State is null || Bucket.IsAtRest(entry.State, now)) _buckets.Remove(id);
        if (_buckets.Count >= BucketsMax)
            throw new CommandFailedException(
                ExitCode.Refused, $"A tenant has more than {BucketsMax} keys in use at a time: give a shorter time.");
    }

    private ImmutableArray<Want> Wants(Demand demand, long cost)
    {
        var limits = _terms[demand.Layout].Limits;
        var wants = ImmutableArray.CreateBuilder<Want>(BitOperations.PopCount(demand.Mask));
        for (var position = 0; position < limits.Length; position++)
            if ((demand.Mask & (1u << position)) != 0)
                wants.Add(new Want(limits[position].Rule.Id, cost, cost, cost));
        return wants.MoveToImmutable();
    }

    private static uint LimitsOf(BucketLayout layout, uint positions)
    {
        var limits = 0u;
        for (var position = 0; position < layout.Limits.Length; position++)
            if ((positions & (1u << position)) != 0 && layout.Limits[position] is { } limit)
                limits |= 1u << limit.Index;
        return limits;
    }

    private sealed class Entry
    {
        public BucketState? State { get; set; }

        public long Number { get; set; }
    }
}
