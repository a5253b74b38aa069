using System.Net;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Proxy;

/// <summary>Who makes a proxied request: its credential, if it brings one, and its address.</summary>
internal readonly record struct ProxyCaller(string? Credential, IPAddress? Address)
{
    /// <summary>What is wrong with the credential; the caller is then the address alone.</summary>
    public static Problem? TryRead(HttpRequest request, ProxyOptions options, out ProxyCaller caller)
    {
        var problem = TryCredential(request, options, out var credential);
        caller = new ProxyCaller(credential, AddressOf(request, options));
        return problem;
    }

    /// <summary>
    /// A credential that cannot be read is refused: its owner must not be served as an anonymous caller.
    /// </summary>
    public static Problem? TryCredential(HttpRequest request, ProxyOptions options, out string? credential)
    {
        credential = null;
        var header = options.CredentialHeader ?? "Authorization";
        var values = request.Headers[header];
        if (values.Count == 0) return null;
        if (options.CredentialHeader is not null && values is [{ Length: > 0 } only]) credential = only;
        else if (options.CredentialHeader is null && BearerToken.TryRead(request, out var token))
            credential = token.ToString();
        return credential is not null ? null : RequestProblem.UnreadableCredential(header);
    }

    /// <summary>The client's address, as the options say where to find it; null when it is not told.</summary>
    public static IPAddress? AddressOf(HttpRequest request, ProxyOptions options)
    {
        var peer = request.HttpContext.Connection.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        return options.ClientAddressHeader is { } header && request.Headers[header].Count > 0
            ? ClientAddress.LastOf(request.Headers[header])
            : peer;
    }
}
