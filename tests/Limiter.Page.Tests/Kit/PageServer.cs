using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Server;
using Limiter.Server.Options;

namespace Limiter.Page.Tests.Kit;

/// <summary>The real server in memory, on a free port, by the system's clock or one that is given.</summary>
public sealed class PageServer : IAsyncDisposable
{
    public const string AdminKey = "admin-key";
    public const string GatewayKey = "gateway-key";

    /// <summary>Noon of a working day, so that a test's minutes are of one day.</summary>
    public static ManualClock Noon => new(new DateTimeOffset(2026, 1, 7, 12, 0, 0, TimeSpan.Zero));

    private readonly LimiterServer _server;
    private bool _isStopped;

    private PageServer(LimiterServer server, Uri address)
    {
        (_server, Address) = (server, address);
        Admin = Client(AdminKey);
        Gateway = Client(GatewayKey);
        Anyone = Client(null);
    }

    public Uri Address { get; }

    public HttpClient Admin { get; }

    public HttpClient Gateway { get; }

    public HttpClient Anyone { get; }

    /// <param name="policy">A shipped policy's name, or a policy's text.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <param name="port">0: any free one.</param>
    /// <param name="data">Its store's folder; null: memory.</param>
    public static async Task<PageServer> StartAsync(
        string policy = "waqti", TimeProvider? clock = null, int port = 0, string? data = null)
    {
        var options = new ServerOptions
        {
            Data = data ?? ServerOptions.InMemory,
            Urls = $"http://127.0.0.1:{port}",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            IsDevelopment = true,
        };
        var server = await LimiterServer.OpenAsync(options, Compile(policy), clock ?? TimeProvider.System, default);
        await server.StartAsync(default);
        return new PageServer(server, server.Address);
    }

    /// <summary>Registers a tenant, and keys of these names for it.</summary>
    public async Task RegisterAsync(string tenant, string plan, params string[] keys)
    {
        (await Admin.PutAsync($"/v1/tenants/{tenant}", Json($$"""{"plan":"{{plan}}"}"""))).EnsureSuccessStatusCode();
        foreach (var key in keys)
            (await Admin.PostAsync($"/v1/tenants/{tenant}/keys", Json($$"""{"name":"{{key}}","key":"{{key}}"}""")))
                .EnsureSuccessStatusCode();
    }

    /// <summary>One check; the answer is its status.</summary>
    public async Task<HttpStatusCode> CheckAsync(
        string tenant, string? key = null, string method = "GET", string path = "/things")
    {
        var who = key is null ? $"\"tenant\":\"{tenant}\"" : $"\"tenant\":\"{tenant}\",\"key\":\"{key}\"";
        using var answer = await Gateway.PostAsync("/v1/check",
            Json($$"""{{{who}},"method":"{{method}}","path":"{{path}}"}"""));
        return answer.StatusCode;
    }

    /// <summary>So many checks of one tenant, a few at a time.</summary>
    public Task SpendAsync(string tenant, int count, string? key = null) => Parallel.ForAsync(0, count,
        new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await CheckAsync(tenant, key));

    /// <summary>
    /// Moves a manual clock past the end of the minute: the overview tells of minutes that are over, and whose counts
    /// are in.
    /// </summary>
    public async Task PassMinuteAsync() =>
        (await Anyone.PutAsync("/dev/clock", Json("""{"advanceSeconds":75}"""))).EnsureSuccessStatusCode();

    /// <summary>A viewer's token for a tenant.</summary>
    public async Task<string> LinkAsync(string tenant)
    {
        using var made = await Admin.PostAsync($"/v1/tenants/{tenant}/links", Json("""{"name":"finance"}"""));
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var body = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("token").GetString()!;
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = Address,
        };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public async Task StopAsync()
    {
        if (_isStopped) return;
        _isStopped = true;
        await _server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Gateway.Dispose();
        Anyone.Dispose();
        await StopAsync();
    }

    private static Policy Compile(string policy)
    {
        var text = policy.Contains('{', StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(policy)
            : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", policy + ".json"));
        PolicyFile.TryCompile(text, out var compiled, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return compiled!;
    }
}
