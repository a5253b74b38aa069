using System.Net;
using System.Text;

namespace Harness.Contending;

/// <summary>A contender that runs.</summary>
internal sealed class Running : IAsyncDisposable
{
    private const int ReadyTries = 300;
    private static readonly TimeSpan ReadyPause = TimeSpan.FromMilliseconds(100);

    private readonly List<PinnedProcess> _processes = [];

    private Running(Contender contender) => Contender = contender;

    public Contender Contender { get; }

    /// <summary>Seconds of processor time of all its processes.</summary>
    public double CpuSeconds => _processes.Sum(process => process.CpuSeconds);

    public long MemoryBytes => _processes.Sum(process => process.MemoryBytes);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not, within half a minute.</exception>
    public static async Task<Running> StartAsync(Place place, Contender contender, CancellationToken cancellation)
    {
        var running = new Running(contender);
        try
        {
            foreach (var command in contender.Processes(place))
                running._processes.Add(PinnedProcess.Start(place, command, Place.ServerCore));
            using var client = new HttpClient { BaseAddress = contender.Address };
            for (var tries = 0; !await IsUpAsync(client, cancellation); tries++)
            {
                if (tries == ReadyTries || running._processes.Exists(process => process.HasExited))
                    throw new InvalidOperationException($"{contender.Name} does not start.\n{LatestLog(place)}");
                await Task.Delay(ReadyPause, cancellation);
            }
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the load sends, once: for the counting of answers before anything is measured.</summary>
    public async Task<HttpStatusCode> AskAsync(HttpClient client, string tenant, CancellationToken cancellation)
    {
        using var request = Contender.Family == "proxy"
            ? new HttpRequestMessage(HttpMethod.Get, "/proxy/vendors")
            : new HttpRequestMessage(HttpMethod.Post, "/v1/check")
            {
                Content = new StringContent(
                    $$"""{"tenant":"{{tenant}}","method":"GET","path":"/vendors"}""", Encoding.UTF8, "application/json"),
            };
        var secret = Contender.Family == "proxy" ? $"bench-{tenant}" : Place.GatewayKey;
        request.Headers.Add("Authorization", $"Bearer {secret}");
        if (Contender.Family == "check") request.Headers.Add("X-Tenant", tenant);
        using var response = await client.SendAsync(request, cancellation);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
    }

    private static string LatestLog(Place place) => new DirectoryInfo(place.Scratch).GetFiles("*.log")
        .OrderByDescending(log => log.LastWriteTimeUtc).Select(log => File.ReadAllText(log.FullName)).FirstOrDefault("");

    private static async Task<bool> IsUpAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/healthz", UriKind.Relative), cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
