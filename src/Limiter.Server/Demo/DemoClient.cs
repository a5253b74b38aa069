using System.Net;
using System.Net.Http.Headers;

namespace Limiter.Server.Demo;

/// <summary>Asks the running server over HTTP, as a gateway and an operator would.</summary>
internal sealed class DemoClient : IDisposable
{
    /// <summary>Checks under way at once.</summary>
    private const int AtOnce = 8;

    private readonly HttpClient _client;

    public DemoClient(Uri server, string adminKey)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = AtOnce })
        {
            BaseAddress = server,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
    }

    /// <summary>Registers a tenant and its keys.</summary>
    /// <exception cref="HttpRequestException">The server refused.</exception>
    public Task RegisterAsync(IEnumerable<DemoTenant> tenants, CancellationToken cancellation) =>
        Parallel.ForEachAsync(tenants, With(cancellation), async (tenant, stop) =>
        {
            using var registered = await _client.PutAsJsonAsync(
                $"/v1/tenants/{tenant.Name}", new { plan = tenant.Plan }, stop).ConfigureAwait(false);
            registered.EnsureSuccessStatusCode();
            foreach (var key in tenant.Keys)
            {
                using var minted = await _client.PostAsJsonAsync(
                    $"/v1/tenants/{tenant.Name}/keys", new { name = key, key }, stop).ConfigureAwait(false);
                minted.EnsureSuccessStatusCode();
            }
        });

    /// <summary>Puts these requests to the server; the answer is how many it denied.</summary>
    /// <exception cref="HttpRequestException">The server neither allowed nor denied one.</exception>
    public async Task<int> CheckAsync(DemoRequest[] requests, CancellationToken cancellation)
    {
        var denied = 0;
        await Parallel.ForEachAsync(requests, With(cancellation), async (request, stop) =>
        {
            using var answer = await _client.PostAsJsonAsync("/v1/check", new
            {
                tenant = request.Tenant,
                key = request.Key,
                method = request.Method,
                path = request.Path,
            }, stop).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Interlocked.Increment(ref denied);
            else answer.EnsureSuccessStatusCode();
        }).ConfigureAwait(false);
        return denied;
    }

    /// <summary>Moves the server's clock.</summary>
    /// <exception cref="HttpRequestException">The server refused.</exception>
    public async Task MoveAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        using var moved = await _client.PutAsJsonAsync("/dev/clock", new { now = to }, cancellation)
            .ConfigureAwait(false);
        moved.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private static ParallelOptions With(CancellationToken cancellation) => new()
    {
        MaxDegreeOfParallelism = AtOnce,
        CancellationToken = cancellation,
    };
}
