using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Limiter.Contracts.Tests.Crash;

/// <summary>
/// A server that is killed and started again on the same folder, and clients that keep the account of what they saw.
/// Its clock stands until it is moved, so that no window ends by chance.
/// </summary>
internal sealed class CrashingServer(string policy) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, long> _admitted = [];
    private ServerProcess? _process;
    private HttpClient _client = new();

    /// <summary>Admissions that clients saw, by tenant.</summary>
    public IReadOnlyDictionary<string, long> Admitted => _admitted;

    /// <summary>The secrets that were shown, by tenant.</summary>
    public ConcurrentDictionary<string, string> Secrets { get; } = [];

    public async Task StartAsync()
    {
        (_process, var address) = await ServerProcess.ListenAsync(_folder.Path,
            "--policy", policy, "--data", _folder.File("data"), "--clock", "manual", "--no-samples");
        _client.Dispose();
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "dev");
    }

    /// <summary>Registers a tenant and mints a key. What was answered is remembered.</summary>
    public async Task RegisterAsync(string tenant, string registration)
    {
        using var registered = await _client.PutAsync($"/v1/tenants/{tenant}", Served.Json(registration));
        registered.EnsureSuccessStatusCode();
        using var minted = await _client.PostAsync($"/v1/tenants/{tenant}/keys", Served.Json("""{"name":"x"}"""));
        Secrets[tenant] = (await minted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    /// <summary>Checks until the server is gone; true while it answers.</summary>
    public async Task<HttpStatusCode?> CheckAsync(string tenant, long cost)
    {
        try
        {
            var body = new Ask("POST", "/things") { Credential = Secrets[tenant], Cost = cost }.ToJson();
            using var answer = await _client.PostAsync("/v1/check", Served.Json(body));
            if (answer.StatusCode == HttpStatusCode.OK) _admitted.AddOrUpdate(tenant, cost, (_, sum) => sum + cost);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<HttpStatusCode> StatusAsync(string path) => _client.GetAsync(path)
        .ContinueWith(answer => answer.Result.StatusCode, TaskScheduler.Default);

    public async Task<string> AdvanceAsync(long seconds)
    {
        using var moved = await _client.PutAsync("/dev/clock", Served.Json($$"""{"advanceSeconds":{{seconds}}}"""));
        return (await moved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("now").GetString()!;
    }

    public async Task<string> NowAsync() =>
        (await _client.GetFromJsonAsync<JsonElement>("/dev/clock")).GetProperty("now").GetString()!;

    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }
}
