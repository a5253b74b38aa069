using System.Net;
using System.Net.Sockets;

namespace Limiter.Http.Alerts;

/// <summary>
/// Tells addresses of the public Internet from all others: private, loopback, link-local (where clouds keep their
/// metadata), carrier-grade NAT, multicast, documentation and reserved ones, in whatever form of IPv6 they are wrapped.
/// </summary>
public static class PublicAddress
{
    // By the IANA registries of special-purpose addresses; of IPv6 only 2000::/3 is handed out at all. Not in them is
    // 168.63.129.16, where a virtual machine in Azure finds its host.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "168.63.129.16/32", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32",
            "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Unicast.Contains(address)) return false;
        foreach (var network in Special)
            if (network.Contains(address)) return false;
        return true;
    }
}
