using System.Net;
using System.Net.Sockets;

namespace Limiter.Engine.Callers;

/// <summary>
/// The canonical form under which an address is counted: IPv4 whole (IPv4-mapped IPv6 included), IPv6 by its /64, which
/// is what one customer of a network commonly holds.
/// </summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;
    private const string Prefix = "/64";

    public static string Canonical(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[PrefixBytes..].Clear();
        return $"{new IPAddress(bytes)}{Prefix}";
    }

    /// <summary>Whether a text is one that <see cref="Canonical"/> makes.</summary>
    public static bool IsCanonical(string text) =>
        IPAddress.TryParse(text.EndsWith(Prefix, StringComparison.Ordinal) ? text[..^Prefix.Length] : text,
            out var address)
        && Canonical(address) == text;
}
