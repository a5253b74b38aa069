using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace Limiter.Http.Checks;

/// <summary>Client addresses as they are written in full: four decimals, or IPv6 without a zone.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The last address of a forwarding header, which whoever is next to this server wrote; null when that is none.
    /// </summary>
    public static IPAddress? LastOf(StringValues header)
    {
        if (header is not [.., { } last]) return null;
        var text = last[(last.LastIndexOf(',') + 1)..].Trim();
        return TryParse(WithoutPort(text), out var address) ? address : null;
    }

    /// <summary>
    /// Stricter than the platform, which also takes <c>1</c>, <c>0x7f.1</c> and octal numbers: spellings of one address
    /// that a client may choose freely, and that other software reads differently.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address)) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString() == text;
        return address.ScopeId == 0 && !text.Contains('%', StringComparison.Ordinal)
            && !text.StartsWith('[');
    }

    /// <summary>Some front ends write <c>203.0.113.9:4711</c> or <c>[2001:db8::1]:4711</c>.</summary>
    private static string WithoutPort(string text)
    {
        if (text.StartsWith('[')) return text.IndexOf(']') is > 0 and var end ? text[1..end] : text;
        var colon = text.IndexOf(':');
        return colon > 0 && colon == text.LastIndexOf(':') ? text[..colon] : text;
    }
}
