using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Limiter.Contracts.Tests.Running;

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(
    int Status, byte[] Bytes, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string? Limit => Header("X-RateLimit-Limit");

    public string? Remaining => Header("X-RateLimit-Remaining");

    public string? Reset => Header("X-RateLimit-Reset");

    public long? RetryAfter =>
        Header("Retry-After") is { } seconds ? long.Parse(seconds, CultureInfo.InvariantCulture) : null;

    public string? Group => Json.GetProperty("group").GetString();

    public string CheckId => Json.GetProperty("checkId").GetString()!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in All(response)) headers[name] = string.Join(", ", values);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            var type = response.Content.Headers.ContentType?.ToString();
            return new Answer((int)response.StatusCode, bytes, type, headers);
        }
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>What is left of a limit, by a decision or by <c>/v1/limits</c>.</summary>
    public long Left(string limit) => StatusOf(limit).GetProperty("remaining").GetInt64();

    /// <summary>The number in force of a limit.</summary>
    public long Number(string limit) => StatusOf(limit).GetProperty("limit").GetInt64();

    public IEnumerable<string?> LimitNames =>
        Json.GetProperty("limits").EnumerateArray().Select(limit => limit.GetProperty("name").GetString());

    private JsonElement StatusOf(string limit) => Json.GetProperty("limits").EnumerateArray()
        .Single(status => status.GetProperty("name").GetString() == limit);

    private static IEnumerable<KeyValuePair<string, IEnumerable<string>>> All(HttpResponseMessage response) =>
        ((HttpHeaders)response.Headers).Concat(response.Content.Headers);
}
