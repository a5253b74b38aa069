using System.Net;
using System.Net.Sockets;
using Limiter.Domain.Alerts;

namespace Limiter.Http.Alerts;

/// <summary>
/// Says where webhooks may point to. Asked when a rule is saved, so that an operator learns at once; and again of the
/// very address that a delivery connects to, since a name may mean another one by then.
/// </summary>
/// <param name="allowsPrivate">Whether plain HTTP and addresses that are not public may be used.</param>
/// <param name="resolve">Looks a name up; null: by DNS.</param>
public sealed class WebhookTargets(
    bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>Most addresses of a name that are tried.</summary>
    private const int AddressesMax = 8;

    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(3);

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve =
        resolve ?? (static (name, cancellation) => Dns.GetHostAddressesAsync(name, cancellation));

    /// <summary>Reads an address; what is wrong with it, as in "it must be …", or null.</summary>
    public string? TryParse(string text, out Uri target)
    {
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var uri);
        target = uri!;
        var isHttps = isAddress && target.Scheme == Uri.UriSchemeHttps;
        var isHttp = isAddress && target.Scheme == Uri.UriSchemeHttp;
        if (text.Length > AlertRule.WebhookLengthMax) return $"at most {AlertRule.WebhookLengthMax} characters";
        if (!isHttps && !(isHttp && allowsPrivate))
            return isHttp ? "an https address: plain http is not allowed here" : "an https address";
        if (target.UserInfo.Length > 0) return "an address without a user name: deliveries are signed instead";
        if (target.Fragment.Length > 0) return "an address without a fragment";
        var hasHost = target.HostNameType is not (UriHostNameType.Unknown or UriHostNameType.Basic);
        return hasHost ? null : "an address with a host";
    }

    /// <summary>Why nothing can be sent to a host, as in "it must be …"; null when something can.</summary>
    public async Task<string?> RefuseAsync(Uri target, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LookUpPatience);
        try
        {
            await AllowedAsync(target.DnsSafeHost, patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (RefusedTargetException)
        {
            return "at a public address: private, loopback, link-local and reserved ones are refused";
        }
        catch (Exception e) when (e is SocketException or ArgumentException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "at a host whose name can be looked up";
        }
    }

    /// <summary>Connects to one of a host's allowed addresses, and to no other.</summary>
    /// <exception cref="RefusedTargetException">None is allowed.</exception>
    /// <exception cref="SocketException">The name cannot be looked up, or nobody answers there.</exception>
    internal async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellation)
    {
        var addresses = await AllowedAsync(host.Host, cancellation).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken cancellation)
    {
        var all = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await _resolve(host, cancellation).ConfigureAwait(false);
        IPAddress[] allowed = [.. all.Where(address => allowsPrivate || PublicAddress.Is(address)).Take(AddressesMax)];
        return allowed.Length > 0
            ? allowed
            : throw new RefusedTargetException("its host is at no public address");
    }
}
