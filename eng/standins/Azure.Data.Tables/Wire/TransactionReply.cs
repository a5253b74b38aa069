#nullable enable
using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// The HTTP responses in the service's reply to a transaction: one for every step, or the one that failed.
/// </summary>
internal static class TransactionReply
{
    private const string StatusLine = "HTTP/1.1 ";

    public static List<Response> Read(Response reply)
    {
        var text = reply.Content.ToString();
        if (Boundary(text) is not { } boundary)
            throw new RequestFailedException(reply.Status, "the reply to a transaction has no change set");
        return [
            .. text.Split($"--{boundary}")
                .Select(part => part.IndexOf(StatusLine, StringComparison.Ordinal) is var start and >= 0
                    ? part[start..]
                    : null)
                .OfType<string>()
                .Select(part => ReadPart(part, reply.ClientRequestId)),
        ];
    }

    // The change set's boundary stands in the head of the batch's only part.
    private static string? Boundary(string text)
    {
        const string Name = "boundary=";
        var start = text.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;
        start += Name.Length;
        var end = text.AsSpan(start).IndexOfAny('\r', '\n', ';');
        return end < 0 ? null : text.Substring(start, end).Trim().Trim('"');
    }

    private static PartResponse ReadPart(string part, string requestId)
    {
        using var lines = new StringReader(part);
        var status = lines.ReadLine()![StatusLine.Length..].Split(' ', 2);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (lines.ReadLine() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return new PartResponse(
            int.Parse(status[0], CultureInfo.InvariantCulture),
            status.Length > 1 ? status[1] : "",
            headers,
            Encoding.UTF8.GetBytes(lines.ReadToEnd().TrimEnd('\r', '\n')),
            requestId);
    }
}
