using System.Net;
using System.Numerics;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Running;
using Limiter.Simulation.Tenants;

namespace Limiter.Simulation.Traffic;

/// <summary>The requests that a world's callers can send: one of each rule for each caller.</summary>
internal sealed class CallBook(Policy policy, Accounts accounts, TenantAccount anonymous)
{
    /// <summary>All kinds of request of one caller.</summary>
    public IReadOnlyList<Call> Of(Customer? customer, string? key, IPAddress? address)
    {
        var rules = policy.Endpoints.Rules.Append(policy.Endpoints.Otherwise);
        return [.. rules.Select(rule => Make(rule, customer, key, address)).OfType<Call>()];
    }

    /// <summary>Whether callers may state their own cost.</summary>
    public bool TakesCosts => policy.Cost.Max > 1;

    // Null when an earlier pattern takes the sample.
    private Call? Make(EndpointRule rule, Customer? customer, string? key, IPAddress? address)
    {
        var (method, path) = Sample(rule.Template);
        if (!ReferenceEquals(policy.Endpoints.Match(method, path), rule)) return null;
        var check = new Check
        {
            Tenant = customer?.Id.Text, Key = key, Address = address, Method = method, Path = path,
        };
        var parts = rule.Demands.Select(demand => PartOf(demand, customer, key, address)).ToArray();
        var usage = rule.IsExempt ? null : customer?.Account ?? anonymous;
        return new Call(check, customer, rule, parts, [.. parts.SelectMany(part => part.Accounts)], usage);
    }

    private static (string Method, string Path) Sample(string template)
    {
        var space = template.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return ("GET", "/other/1/2/3/4");
        var method = template[..space].Split('|')[0];
        var segments = template[(space + 1)..].Split('/').Select(segment =>
            segment == "*" || segment.StartsWith('{') ? "x1" : segment);
        return (method == "*" ? "GET" : method, string.Join('/', segments));
    }

    private Part PartOf(Demand demand, Customer? customer, string? key, IPAddress? address)
    {
        var layout = policy.Layouts[demand.Layout];
        var value = customer is null ? address!.ToString() : layout.Partition switch
        {
            Partition.Key => key ?? "",
            Partition.Ip => address!.ToString(),
            _ => "",
        };
        var site = accounts.SiteOf(new BucketId(layout.Partition, customer?.Id ?? default, value), layout);
        var all = accounts.Of(site);
        var counted = new List<LimitAccount>();
        for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
            counted.Add(all[BitOperations.TrailingZeroCount(mask)]);
        return new Part(site, [.. counted]);
    }
}
