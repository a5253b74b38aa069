using System.Net.Http.Headers;
using System.Text.Json;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Client;

/// <summary>Asks one server.</summary>
internal sealed class ServerClient : IDisposable
{
    /// <summary>Longest answer that is read, in bytes.</summary>
    public const int BodyBytesMax = 16 * 1024 * 1024;

    public const string Actor = "X-Limiter-Actor";

    /// <summary>Most connections at a time; imports use that many.</summary>
    public const int ConnectionsMax = 64;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public ServerClient(Uri address, string key, string actor, TimeSpan patience, TimeProvider clock)
    {
        _clock = clock;
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A proxy of the environment is for the world outside, not for a server on this machine.
            UseProxy = !address.IsLoopback,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectPatience,
            MaxConnectionsPerServer = ConnectionsMax,
        })
        {
            BaseAddress = address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"),
            Timeout = patience,
            MaxResponseContentBufferSize = BodyBytesMax,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(Actor, actor);
    }

    public Uri Address => _http.BaseAddress!;

    public TimeProvider Clock => _clock;

    public Task<Answer> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(new Call(HttpMethod.Get, path), cancellation);

    /// <summary>Asks once.</summary>
    /// <exception cref="CommandFailedException">There was no answer.</exception>
    public async Task<Answer> SendAsync(Call call, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, new Uri(call.Path, UriKind.Relative));
        foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        try
        {
            using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return new Answer(
                (int)response.StatusCode, Json(response, text), text, response.Headers.ETag?.Tag ?? "",
                NextLink.Of(response));
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(failure.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {_http.Timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement Json(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) != true)
            return default;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private CommandFailedException Unreachable(string why) =>
        new(ExitCode.Unreachable, $"{Address}: cannot be reached: {why}");
}

/// <summary>What is asked of a server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, escaped; without a leading slash it is below the server's address.</param>
internal sealed record Call(HttpMethod Method, string Path)
{
    /// <summary>JSON; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <param name="write">Writes the members of the body.</param>
    public Call With(Action<Utf8JsonWriter> write) => this with { Body = JsonLine.Bytes(write) };
}
