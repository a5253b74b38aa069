using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Limiter.Domain.Alerts;

namespace Limiter.Http.Alerts;

/// <summary>
/// Posts alerts. An answer counts by its status alone: what it says beyond that is not read, and redirects are not
/// followed.
/// </summary>
internal sealed class Webhooks : IDisposable
{
    public const string IdHeader = "X-Limiter-Id";
    public const string TimestampHeader = "X-Limiter-Timestamp";

    private const int HeadersKiBMax = 16;
    private const int DrainedBytesMax = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(30);

    // A name may mean another host by then.
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(2);

    private readonly WebhookTargets _targets;
    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;

    /// <param name="targets">Where they may point to.</param>
    /// <param name="clock">The time that deliveries are signed with.</param>
    /// <param name="patience">Longest time of an attempt; null: 10 s.</param>
    public Webhooks(WebhookTargets targets, TimeProvider clock, TimeSpan? patience = null)
    {
        (_targets, _clock, _patience) = (targets, clock, patience ?? Patience);
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectPatience,
            MaxResponseHeadersLength = HeadersKiBMax,
            MaxResponseDrainSize = DrainedBytesMax,
            ResponseDrainTimeout = DrainPatience,
            PooledConnectionIdleTimeout = IdleMax,
            PooledConnectionLifetime = ConnectionAgeMax,
            ConnectCallback = (context, cancellation) => targets.ConnectAsync(context.DnsEndPoint, cancellation),
        })
        {
            // The attempt's own patience ends it, body and all.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>One attempt; null when it was taken with a 2xx, otherwise why not.</summary>
    public async Task<string?> PostAsync(Uri target, string secret, Alert alert, CancellationToken cancellation)
    {
        // It was saved when the operator may have allowed more than now.
        if (_targets.TryParse(target.OriginalString, out _) is { } must) return "its webhook must be " + must;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            using var request = NewRequest(target, secret, alert);
            using var response = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : Describe(response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {_patience.TotalSeconds} s");
        }
        catch (HttpRequestException failure)
        {
            return Describe(failure);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage NewRequest(Uri target, string secret, Alert alert)
    {
        var body = ImmutableCollectionsMarshal.AsArray(alert.Body)!;
        var seconds = _clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ByteArrayContent(body),
            Version = HttpVersion.Version11,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Limiter", "1"));
        request.Headers.Add(IdHeader, alert.Id);
        request.Headers.Add(TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(secret, seconds, body));
        return request;
    }

    private static string Describe(HttpStatusCode status) => (int)status is >= 300 and < 400
        ? $"it answered {(int)status}: redirects are not followed"
        : $"it answered {(int)status}";

    // Of what went wrong only the kind: an exception's text can hold addresses of this network.
    private static string Describe(HttpRequestException failure) => failure.HttpRequestError switch
    {
        _ when failure.InnerException is RefusedTargetException refused => refused.Message,
        HttpRequestError.NameResolutionError => "its name cannot be looked up",
        HttpRequestError.ConnectionError => "it cannot be connected to",
        HttpRequestError.SecureConnectionError => "TLS with it failed",
        _ => "the connection broke, or the answer was not HTTP",
    };
}
