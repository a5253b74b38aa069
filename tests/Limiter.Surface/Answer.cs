using System.Text;
using System.Text.RegularExpressions;

namespace Limiter.Surface;

/// <summary>A host's answer: status, headers and body, what is random in it masked by its length.</summary>
internal sealed partial record Answer(int Status, string Headers, string Body, string Unmasked)
{
    private static readonly string[] Excepted = ["Date", "Server"];

    public static async Task<Answer> AskAsync(Uri host, Request request)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var message = request.ToMessage(host);
        using var response = await client.SendAsync(message);
        // Latin-1 keeps every byte apart.
        var body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => !Excepted.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        var isMetrics = response.Content.Headers.ContentType?.ToString().Contains("version=0.0.4") == true;
        // How long a host waits for a bucket is its own, and so is the length of the number.
        var isOwn = isMetrics || request.Path == "/v1/policy";
        if (isOwn) headers = headers.Where(header => !header.StartsWith("Content-Length", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return new Answer(
            (int)response.StatusCode, Masked(string.Join('\n', headers)),
            isMetrics ? Seconds().Replace(body, "$1 ~") : Masked(Waits().Replace(body, "$1~")), body);
    }

    /// <summary>A text member of the body, as it was.</summary>
    public string Member(string name) =>
        Regex.Match(Unmasked, $"\"{name}\":\"([^\"]*)\"") is { Success: true } match ? match.Groups[1].Value : "";

    public override string ToString() => $"{Status}\n{Headers}\n\n{Body}";

    private static string Masked(string text) => Random().Replace(text, match =>
        match.Groups[1].Value + new string('~', match.Groups[2].Length) + "\"");

    // How long something took is never the same twice.
    [GeneratedRegex(@"^(limiter_\w+_duration_seconds_(?:bucket|sum)\S*) \S+$", RegexOptions.Multiline)]
    private static partial Regex Seconds();

    [GeneratedRegex("(\"waitMs\":)[0-9]+")]
    private static partial Regex Waits();

    // A key's tag is of its secret, a tenant's of its version.
    [GeneratedRegex("""
        ("(?:checkId|secret|token|link)":"|"key":"k_|"request_id":"req_rl_|(?<=ETag:\ )"(?=[0-9a-f]{16}"))([^"]*)["]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Random();
}
