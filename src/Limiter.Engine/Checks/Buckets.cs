using System.Collections.Immutable;
using System.Numerics;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Checks;

/// <summary>Finds the buckets that count a request.</summary>
internal static class Buckets
{
    /// <summary>
    /// Fills in the buckets that a request needs; 0 when this edge holds too many to take on another.
    /// </summary>
    public static int Find(
        Holders holders, in Identity identity, ImmutableArray<Demand> demands, long cost, ref Touched touched)
    {
        var caller = identity.Caller;
        for (var i = 0; i < demands.Length; i++)
        {
            var demand = demands[i];
            var layout = caller.Policy.Policy.Layouts[demand.Layout];
            var holder = Known(layout.Partition, identity);
            if (holder is null || holder.IsRetired)
            {
                var value = ValueOf(layout.Partition, caller, identity.Key?.Record.Key ?? default, identity.Address);
                holder = holders.Get(
                    new BucketId(layout.Partition, caller.Tenant, value), caller.TermsOf(demand.Layout));
                if (holder is null) return 0;
                Remember(layout.Partition, identity, holder);
            }
            touched[i] = new Touch(holder, new BucketDemand(
                caller.TermsOf(demand.Layout), layout, demand.Mask, cost, demand.Shadows));
        }
        return demands.Length;
    }

    /// <summary>One bucket by its partition's value; null when this edge holds too many.</summary>
    public static Touch? Touch(Holders holders, Caller caller, Demand demand, string value, long cost)
    {
        var layout = caller.Policy.Policy.Layouts[demand.Layout];
        var terms = caller.TermsOf(demand.Layout);
        return holders.Get(new BucketId(layout.Partition, caller.Tenant, value), terms) is { } holder
            ? new Touch(holder, new BucketDemand(terms, layout, demand.Mask, cost, demand.Shadows))
            : null;
    }

    /// <summary>Puts holders in the place of retired ones; false when this edge holds too many.</summary>
    public static bool TryRenew(Holders holders, Touch[] touched)
    {
        for (var i = 0; i < touched.Length; i++)
        {
            if (holders.Get(touched[i].Holder.Bucket, touched[i].Demand.Terms) is not { } holder) return false;
            touched[i] = touched[i] with { Holder = holder };
        }
        return true;
    }

    /// <summary>
    /// What tells one bucket of a partition from another. An anonymous caller is its address in every partition.
    /// </summary>
    public static string ValueOf(Partition partition, Caller caller, KeyId key, string? address) =>
        caller.Record is null ? address ?? "" : partition switch
        {
            Partition.Key => key.Text,
            Partition.Ip => address ?? "",
            _ => "",
        };

    public static ImmutableArray<LimitId> LimitsOf(in BucketDemand demand)
    {
        var limits = ImmutableArray.CreateBuilder<LimitId>();
        for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
            limits.Add(demand.Terms.Limits[BitOperations.TrailingZeroCount(mask)].Rule.Id);
        return limits.DrainToImmutable();
    }

    private static LeaseHolder? Known(Partition partition, in Identity identity) =>
        identity.Caller.Record is null ? null : partition switch
        {
            Partition.Tenant => identity.Caller.Holder,
            Partition.Key => identity.Key?.Holder,
            _ => null,
        };

    private static void Remember(Partition partition, in Identity identity, LeaseHolder holder)
    {
        if (identity.Caller.Record is null) return;
        if (partition == Partition.Tenant) identity.Caller.Holder = holder;
        else if (partition == Partition.Key && identity.Key is { } key) key.Holder = holder;
    }
}
