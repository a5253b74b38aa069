using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Proxy;
using Limiter.Server;
using Limiter.Server.Options;

namespace Limiter.Client.Tests.Kit;

/// <summary>The real server in this process, which can be stopped and started again at the same address.</summary>
internal sealed class TestLimiter : IAsyncDisposable
{
    public const string GatewayKey = "gateway-key";
    public const string AdminKey = "admin-key";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServerOptions _options;
    private readonly string? _policyFile;
    private LimiterServer? _server;
    private HttpClient? _admin;

    private TestLimiter(ServerOptions options, Policy policy, TimeProvider clock, string? policyFile) =>
        (_options, Policy, Clock, _policyFile) = (options, policy, clock, policyFile);

    public TimeProvider Clock { get; }

    public ManualClock Manual => (ManualClock)Clock;

    public Policy Policy { get; set; }

    public Uri Address { get; private set; } = null!;

    /// <param name="policy">What it serves.</param>
    /// <param name="leaseMs">Longest lifetime of a lease; 0: every check asks its bucket.</param>
    /// <param name="folder">Its data; null for memory.</param>
    /// <param name="upstream">Behind its proxy.</param>
    /// <param name="clock">Null for a manual one.</param>
    /// <param name="policyFile">Where its policy is from, so that it can be looked at again.</param>
    public static async Task<TestLimiter> StartAsync(
        Policy policy, int leaseMs = 10_000, string? folder = null, Uri? upstream = null, TimeProvider? clock = null,
        string? policyFile = null)
    {
        var options = new ServerOptions
        {
            Data = folder ?? ServerOptions.InMemory,
            Urls = "http://127.0.0.1:0",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            IsDevelopment = true,
            LeaseMs = leaseMs,
            Proxy = new ProxyOptions { Upstream = upstream },
        };
        var limiter = new TestLimiter(options, policy, clock ?? new ManualClock(Start), policyFile);
        await limiter.StartAgainAsync();
        return limiter;
    }

    public async Task StartAgainAsync()
    {
        var options = Address is null ? _options : _options with { Urls = Address.AbsoluteUri };
        _server = await LimiterServer.OpenAsync(options, Policy, Clock, default, _policyFile);
        await _server.StartAsync(default);
        Address = _server.Address;
        _admin = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
    }

    public async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _admin?.Dispose();
        _server = null;
    }

    public Task ReloadAsync() => _server!.ReloadAsync(default);

    /// <summary>Registers a tenant and mints a key for it; the answer is the secret.</summary>
    public async Task<string> RegisterAsync(string tenant, string plan)
    {
        await SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}", $$"""{"plan":"{{plan}}"}""");
        var minted = await SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/keys", """{"name":"ci"}""");
        return minted.GetProperty("secret").GetString()!;
    }

    /// <summary>What is left of a limit, as the server's own edge tells it.</summary>
    public Task<long> LeftAsync(string tenant, string limit) => LeftOfAsync($"tenant={tenant}", limit);

    /// <summary>The same of whoever a query names.</summary>
    public async Task<long> LeftOfAsync(string caller, string limit)
    {
        var told = await SendAsync(HttpMethod.Get, $"/v1/limits?{caller}", null);
        return told.GetProperty("limits").EnumerateArray()
            .Single(status => status.GetProperty("name").GetString() == limit).GetProperty("remaining").GetInt64();
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _admin!.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
