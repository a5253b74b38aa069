using System.Net;
using System.Text;

namespace Limiter.Client.Tests.Kit;

/// <summary>The way to the limiter, on which anything can go wrong.</summary>
internal sealed class FaultyHandler : DelegatingHandler
{
    private int _leases;

    public FaultyHandler() => InnerHandler = new SocketsHttpHandler { UseProxy = false };

    /// <summary>What comes instead of an answer; null: the limiter's.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Instead { get; set; }

    /// <summary>Calls of <c>/v1/leases</c>.</summary>
    public int LeaseCalls => Volatile.Read(ref _leases);

    public static Task<HttpResponseMessage> Garbage(HttpStatusCode status, string body) =>
        Task.FromResult(new HttpResponseMessage(status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        });

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath == "/v1/leases") Interlocked.Increment(ref _leases);
        return Instead is { } instead
            ? instead(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);
    }
}
