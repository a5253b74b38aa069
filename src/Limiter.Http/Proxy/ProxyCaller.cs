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
    private static Problem? TryCredential(HttpRequest request, ProxyOptions options, out string? credential)
    {
        credential = null;
        var header = options.CredentialHeader ?? "Authorization";
        var values = request.Headers[header];
        if (values.Count == 0) return null;
        if (options.CredentialHeader is not null && values is [{ Length: > 0 } only]) credential = only;
        else if (options.CredentialHeader is null && BearerToken.TryRead(request, out var token))
            credential = token.ToString();
        return credential is not null ? null : new Problem(401, ProblemCode.UnknownCredential,
            $"The header {header} holds no credential of the expected form.") { Field = "credential" };
    }

    private static IPAddress? AddressOf(HttpRequest request, ProxyOptions options)
    {
        var peer = request.HttpContext.Connection.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        if (options.ClientAddressHeader is null || request.Headers[options.ClientAddressHeader] is not [.., { } last])
            return peer;
        var text = last[(last.LastIndexOf(',') + 1)..].Trim();
        return ClientAddress.TryParse(WithoutPort(text), out var address) ? address : null;
    }

    /// <summary>Some front ends write <c>203.0.113.9:4711</c> or <c>[2001:db8::1]:4711</c>.</summary>
    private static string WithoutPort(string text)
    {
        if (text.StartsWith('[')) return text.IndexOf(']') is > 0 and var end ? text[1..end] : text;
        var colon = text.IndexOf(':');
        return colon > 0 && colon == text.LastIndexOf(':') ? text[..colon] : text;
    }
}
