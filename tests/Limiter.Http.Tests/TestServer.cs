using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Limiter.Described;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Alerts;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Limiter.Server;
using Limiter.Server.Options;

namespace Limiter.Http.Tests;

/// <summary>
/// A server on a free port of this machine, in memory, on a clock that stands at 2026-01-01T00:00:00Z.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string GatewayKey = "gateway-key";
    public const string AdminKey = "admin-key";

    private readonly LimiterServer _server;

    private TestServer(LimiterServer server, ManualClock clock)
    {
        (_server, Clock) = (server, clock);
        Gateway = Client(GatewayKey);
        Admin = Client(AdminKey);
        Anyone = Client(null);
    }

    public ManualClock Clock { get; }

    public Uri Address => _server.Address;

    /// <summary>The whole table.</summary>
    public IEnumerable<Operation> Calls =>
        _server.Surface.Resources.SelectMany(resource => resource.Calls).Select(call => call.Operation);

    public HttpClient Gateway { get; }

    public HttpClient Admin { get; }

    public HttpClient Anyone { get; }

    public static async Task<TestServer> StartAsync(
        Policy? policy = null, ProxyOptions? proxy = null, AlertingOptions? alerts = null)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var options = new ServerOptions
        {
            Data = ServerOptions.InMemory,
            Urls = "http://127.0.0.1:0",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            IsDevelopment = true,
            Proxy = proxy ?? new ProxyOptions(),
            Alerts = alerts ?? new AlertingOptions(),
        };
        var server = await LimiterServer.OpenAsync(options, policy ?? Policies.Shipped("waqti"), clock, default);
        await server.StartAsync(default);
        return new TestServer(server, clock);
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

    /// <summary>Registers a tenant and mints a key for it; the answer is the secret.</summary>
    public async Task<string> RegisterAsync(string tenant = "acme", string plan = "basic")
    {
        (await Admin.PutAsync($"/v1/tenants/{tenant}", Json($$"""{"plan":"{{plan}}"}"""))).EnsureSuccessStatusCode();
        var minted = await Admin.PostAsync($"/v1/tenants/{tenant}/keys", Json("""{"name":"ci"}"""));
        return (await ReadAsync(minted)).GetProperty("secret").GetString()!;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        Admin.Dispose();
        Anyone.Dispose();
        await _server.DisposeAsync();
    }
}
