using System.Diagnostics;
using System.Globalization;
using System.Net;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Client.Tests.Processes;

/// <summary>The API in a process of its own, and after its end in another one. Its answers are logged.</summary>
/// <param name="place">Its place, from 0.</param>
/// <param name="limiter">Whom it asks.</param>
/// <param name="log">What its clients saw.</param>
internal sealed class ApiProcess(int place, Uri limiter, AnswerLog log) : IAsyncDisposable
{
    private const int PlacesMax = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Process? _process;
    private HttpClient? _client;
    private int _starts;
    private volatile bool _isServing;

    /// <summary>The auditor's number for the process that runs now.</summary>
    public int Number => place + PlacesMax * _starts;

    public bool IsServing => _isServing;

    public async Task StartAsync()
    {
        _starts++;
        var own = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(own) == "dotnet" ? own! : "dotnet";
        var start = new ProcessStartInfo(
            host, [Path.Combine(AppContext.BaseDirectory, "Limiter.Client.Api.dll"), limiter.AbsoluteUri,
                TestLimiter.GatewayKey])
        { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        var address = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(address.ShouldNotBeNull()),
            Timeout = Patience,
        };
        _isServing = true;
    }

    /// <summary>kill -9; what is asked of it at this moment stays unanswered.</summary>
    public async Task KillAsync()
    {
        _isServing = false;
        _process!.Kill();
        await _process.WaitForExitAsync();
        End();
    }

    public async Task SendAsync(string tenant, int cost)
    {
        var (client, number) = (_client!, Number);
        var answer = new LoggedAnswer(tenant, number, cost, Fate.Lost, RealTime.Now, default);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/{cost}");
            request.Headers.Add("X-Tenant", tenant);
            using var response = await client.SendAsync(request);
            answer = Read(answer, response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException
            or ObjectDisposedException && (!_isServing || number != Number))
        {
            // It was killed meanwhile.
        }
        log.Add(answer with { Received = RealTime.Now });
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        End();
    }

    private void End()
    {
        _process?.Dispose();
        _client?.Dispose();
    }

    private static LoggedAnswer Read(LoggedAnswer answer, HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.TooManyRequests) return answer with { Fate = Fate.Denied };
        if (status == HttpStatusCode.ServiceUnavailable) return answer with { Fate = Fate.Refused };
        status.ShouldBe(HttpStatusCode.OK, body);
        var told = body.Split(' ');
        return answer with
        {
            Fate = Fate.Allowed,
            Mode = Enum.Parse<DecisionMode>(told[0]),
            SpentAt = new Instant(long.Parse(told[1], CultureInfo.InvariantCulture)),
        };
    }
}
