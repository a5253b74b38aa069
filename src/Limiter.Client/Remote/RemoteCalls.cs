using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Limiter.Client.Remote;

/// <summary>
/// Calls of the limiter: each in bounded time, of bounded size, and whatever is no answer of a limiter is a failure.
/// </summary>
internal sealed class RemoteCalls : IDisposable
{
    /// <summary>Largest answer that is read, in bytes: a policy of the greatest size, escaped.</summary>
    public const int AnswerBytesMax = 4 * 1024 * 1024;

    private readonly HttpClient _client;

    /// <param name="options">Where the limiter is, and the key to it.</param>
    /// <param name="clock">The time of waiting; null for the system's.</param>
    public RemoteCalls(LimiterClientOptions options, TimeProvider? clock = null)
    {
        Clock = clock ?? TimeProvider.System;
        Pace = new CallPace(Clock);
        var address = options.Address!.AbsoluteUri;
        _client = new HttpClient(options.HttpHandler?.Invoke() ?? NewHandler())
        {
            BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.GatewayKey);
        WaitLimit = options.WaitLimit ?? TimeSpan.FromMilliseconds(500);
    }

    /// <summary>The time of waiting.</summary>
    public TimeProvider Clock { get; }

    /// <summary>When the calls may be made that are bounded in rate.</summary>
    public CallPace Pace { get; }

    /// <summary>Longest time of one call.</summary>
    public TimeSpan WaitLimit { get; set; }

    /// <summary>
    /// How those go on who asked: each on the thread pool, so that nobody holds up the others of its call. A simulation
    /// keeps everybody on its one thread.
    /// </summary>
    public TaskCreationOptions Continuing { get; init; } = TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>Asks with a body, the members of one JSON object.</summary>
    /// <exception cref="RemoteException">There is no answer, or none of a limiter.</exception>
    public async Task<JsonDocument> PostAsync(
        string path, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var (answer, _) = await SendAsync(request, cancellation).ConfigureAwait(false);
        return answer ?? throw new RemoteException($"{path}: 304 to a question that has no earlier answer.");
    }

    /// <summary>Reads what has changed; null: the same as the tag names.</summary>
    /// <exception cref="RemoteException">There is no answer, or none of a limiter.</exception>
    public async Task<(JsonDocument? Answer, EntityTagHeaderValue? Tag)> GetAsync(
        string path, EntityTagHeaderValue? known, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _client.Dispose();

    private async Task<(JsonDocument? Answer, EntityTagHeaderValue? Tag)> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(WaitLimit, Clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            using var response = await _client.SendAsync(request, patience.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotModified) return (null, response.Headers.ETag);
            if (response.StatusCode != HttpStatusCode.OK) throw Refused(request, response.StatusCode);
            var bytes = await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false);
            var answer = JsonDocument.Parse(bytes);
            if (answer.RootElement.ValueKind == JsonValueKind.Object) return (answer, response.Headers.ETag);
            answer.Dispose();
            throw new RemoteException($"{request.RequestUri}: the answer is no JSON object.");
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new RemoteException($"{request.RequestUri}: no answer within {WaitLimit}.", late);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException)
        {
            throw new RemoteException($"{request.RequestUri}: {failure.Message}", failure);
        }
    }

    private static RemoteException Refused(HttpRequestMessage request, HttpStatusCode status) =>
        new($"{request.RequestUri}: the limiter answered {(int)status}.")
        {
            IsRefusal = status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge,
        };

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };
}
