using System.Diagnostics;
using System.Text;
using Limiter.Bench;

namespace Edges;

/// <summary>The server in a process of its own, with a store on the disk that goes with it.</summary>
internal sealed class LimiterProcess : IAsyncDisposable
{
    /// <summary>What Development knows without being told.</summary>
    public const string Key = "dev";

    private const string Address = "http://127.0.0.1:7095";
    private const int CallsAtOnce = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("limiter-edges-").FullName;
    private readonly HttpClient _client = new() { BaseAddress = new Uri(Address) };
    private readonly Process _process;

    private LimiterProcess(string policy)
    {
        File.WriteAllText(Path.Combine(_folder, "policy.json"), policy);
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder, RedirectStandardOutput = true };
        foreach (var argument in (string[])
            [
                Path.Combine(Documents.FindRoot(), "src/Limiter.Server/bin/Release/net10.0/Limiter.Server.dll"),
                "--urls", Address, "--data", Path.Combine(_folder, "data"), "--policy", "policy.json",
            ]) start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
    }

    public Uri Uri => _client.BaseAddress!;

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<LimiterProcess> StartAsync(string policy)
    {
        var limiter = new LimiterProcess(policy);
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await limiter._client.GetAsync(new Uri("/healthz", UriKind.Relative))).EnsureSuccessStatusCode();
                return limiter;
            }
            catch (HttpRequestException) when (tries < 300 && !limiter._process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Registers tenants by the server's own calls.</summary>
    public Task RegisterAsync(IEnumerable<(string Name, string Plan)> tenants) => Parallel.ForEachAsync(
        tenants, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce }, async (tenant, cancellation) =>
        {
            using var body = new StringContent($$"""{"plan":"{{tenant.Plan}}"}""", Encoding.UTF8, "application/json");
            var path = new Uri($"/v1/tenants/{tenant.Name}", UriKind.Relative);
            using var answer = await _client.PutAsync(path, body, cancellation);
            answer.EnsureSuccessStatusCode();
        });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
