using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace Limiter.Client.Remote;

/// <summary>
/// Calls of the limiter: each in bounded time, of bounded size, and whatever is no answer of a limiter is a failure.
/// </summary>
internal sealed class RemoteCalls : IDisposable
{
    /// <summary>Largest answer that is read, in bytes: a policy of the greatest size, escaped.</summary>
    public const int AnswerBytesMax = 4 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly HttpMessageInvoker _sender;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue _key;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _isOver;

    /// <param name="options">Where the limiter is, and the key to it.</param>
    /// <param name="clock">The time of waiting; null for the system's.</param>
    public RemoteCalls(LimiterClientOptions options, TimeProvider? clock = null)
    {
        Clock = clock ?? TimeProvider.System;
        _isOver = _over.Token;
        Pace = new CallPace(Clock);
        var address = options.Address!.AbsoluteUri;
        _address = new Uri(address.EndsWith('/') ? address : address + "/");
        _key = new AuthenticationHeaderValue("Bearer", options.GatewayKey);
        // No HttpClient: it throws what went wrong anew, and has a default for nothing that is wanted here.
        _sender = new HttpMessageInvoker(options.HttpHandler?.Invoke() ?? NewHandler());
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

    /// <summary>The address of one of the limiter's calls.</summary>
    public Uri At(string path) => new(_address, path);

    /// <summary>Asks with a body, the members of one JSON object; there is an answer, or a failure.</summary>
    public Task<CallResult> PostAsync(Uri address, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = s_json;
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = content }, cancellation);
    }

    /// <summary>Reads what has changed; neither answer nor failure: it is what the tag names.</summary>
    public Task<CallResult> GetAsync(Uri address, EntityTagHeaderValue? known, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return SendAsync(request, cancellation);
    }

    /// <summary>Calls that are under way fail.</summary>
    public void Dispose()
    {
        if (_isOver.IsCancellationRequested) return;
        _over.Cancel();
        _sender.Dispose();
        _over.Dispose();
    }

    private async Task<CallResult> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var owned = request;
        request.Headers.Authorization = _key;
        using var time = new CancellationTokenSource(WaitLimit, Clock);
        using var ended = cancellation.UnsafeRegister(static late => ((CancellationTokenSource)late!).Cancel(), time);
        using var over = _isOver.UnsafeRegister(static late => ((CancellationTokenSource)late!).Cancel(), time);
        Exception? failure;
        try
        {
            var sending = _sender.SendAsync(request, time.Token);
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (sending.IsCompletedSuccessfully)
            {
                using var response = await sending.ConfigureAwait(false);
                return await ReadAsync(request, response, time.Token).ConfigureAwait(false);
            }
            failure = sending.Exception?.InnerException;
        }
        catch (Exception thrown) when (IsExpected(thrown))
        {
            failure = thrown;
        }
        cancellation.ThrowIfCancellationRequested();
        if (time.IsCancellationRequested || failure is null or OperationCanceledException)
            return Failed(
                request, _isOver.IsCancellationRequested ? "this edge has ended." : $"no answer within {WaitLimit}.",
                failure);
        if (!IsExpected(failure)) ExceptionDispatchInfo.Throw(failure);
        return Failed(request, failure.Message, failure);
    }

    private static async ValueTask<CallResult> ReadAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken patience)
    {
        if (response.StatusCode == HttpStatusCode.NotModified && request.Method == HttpMethod.Get)
            return new CallResult(null, response.Headers.ETag);
        if (response.StatusCode != HttpStatusCode.OK) return Refused(request, response.StatusCode);
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, patience).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(patience).ConfigureAwait(false);
        var answer = JsonDocument.Parse(bytes);
        if (answer.RootElement.ValueKind == JsonValueKind.Object)
            return new CallResult(answer, response.Headers.ETag);
        answer.Dispose();
        return Failed(request, "the answer is no JSON object.", null);
    }

    private static bool IsExpected(Exception failure) =>
        failure is HttpRequestException or JsonException or IOException or OperationCanceledException;

    private static CallResult Failed(HttpRequestMessage request, string why, Exception? cause) =>
        new(null, Failure: new RemoteException($"{request.RequestUri}: {why}", cause));

    private static CallResult Refused(HttpRequestMessage request, HttpStatusCode status) =>
        new(null, Failure: new RemoteException($"{request.RequestUri}: the limiter answered {(int)status}.")
        {
            IsRefusal = status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge,
        });

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };
}
