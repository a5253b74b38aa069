using System.Net;

namespace Limiter.Server.Options;

/// <summary>The addresses that the server listens on.</summary>
internal static class Listening
{
    /// <summary>Reports what is wrong with them; true when each is a loopback address.</summary>
    public static bool Check(string urls, ICollection<string> errors)
    {
        var isLocal = true;
        foreach (var url in Split(urls))
        {
            if (!TryParse(url, out var address))
            {
                errors.Add($"{ServerOption.Urls.Flag}: '{url}' is no address such as {ServerOptions.DefaultUrls}");
                continue;
            }
            if (address.Scheme != Uri.UriSchemeHttp)
                errors.Add($"{ServerOption.Urls.Flag}: '{url}' is not http: end TLS in front of this server");
            if (address.PathBase.Length > 0)
                errors.Add($"{ServerOption.Urls.Flag}: '{url}' has a path");
            isLocal &= IsLoopback(address.Host);
        }
        return isLocal;
    }

    public static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryParse(string url, out BindingAddress address)
    {
        address = null!;
        try
        {
            address = BindingAddress.Parse(url);
            return address.Port is >= 0 and <= 65_535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
