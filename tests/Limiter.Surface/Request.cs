using System.Text;

namespace Limiter.Surface;

/// <summary>A request to a host.</summary>
internal sealed record Request(string Method, string Path, string? Body = null)
{
    public string? Key { get; init; } = BothHosts.AdminKey;

    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>
    /// With a host's own key in the places of <c>{key}</c> and <c>{secret}</c>, and its last admission's id in that of
    /// <c>{checkId}</c>.
    /// </summary>
    public Request With((string Name, string Secret) key, string checkId) => this with
    {
        Key = Key?.Replace("{secret}", key.Secret, StringComparison.Ordinal),
        Path = Path.Replace("{key}", key.Name, StringComparison.Ordinal),
        Body = Body?.Replace("{key}", key.Name, StringComparison.Ordinal)
            .Replace("{checkId}", checkId, StringComparison.Ordinal),
    };

    public override string ToString() => $"{Method} {Path} {Body}";

    /// <summary>The path goes out as it is written.</summary>
    public HttpRequestMessage ToMessage(Uri host)
    {
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(
            new HttpMethod(Method), new Uri(host.GetLeftPart(UriPartial.Authority) + Path, raw));
        message.Headers.Host = "limiter.example";
        if (Key is not null) message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (Body is not null) message.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        return message;
    }
}
