using System.Net.Http.Headers;
using System.Text;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Alerts;
using Limiter.Http.Proxy;
using Limiter.Server;
using Limiter.Server.Options;
using Limiter.Server.Policies;

namespace Limiter.Contracts.Tests.Running;

/// <summary>
/// The real server on a free port: a policy, a store in a folder of its own, and a clock that stands at
/// <see cref="Start"/> until it is moved.
/// </summary>
internal sealed class Served : IAsyncDisposable
{
    public const string GatewayKey = "gateway-key";
    public const string AdminKey = "admin-key";
    public const string DecisionType = "application/vnd.limiter.decision+json";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly long StartUnix = Start.ToUnixTimeSeconds();

    private readonly LimiterServer _server;
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;

    private Served(LimiterServer server, TemporaryFolder folder, bool ownsFolder, TimeProvider clock)
    {
        (_server, _folder, _ownsFolder, Clock) = (server, folder, ownsFolder, clock);
        Gateway = Client(GatewayKey);
        Admin = Client(AdminKey);
        Anyone = Client(null);
    }

    public TimeProvider Clock { get; }

    /// <summary>Methods and paths of the surface.</summary>
    public IEnumerable<(string Method, string Pattern)> Calls =>
        _server.Surface.Resources.SelectMany(resource => resource.Calls)
            .Select(call => (call.Operation.Method, call.Operation.Pattern));

    public HttpClient Gateway { get; }

    public HttpClient Admin { get; }

    public HttpClient Anyone { get; }

    public Uri Address => _server.Address;

    /// <summary>The store's file.</summary>
    public string StoreFile => _folder.File("limiter.db");

    /// <param name="policy">A shipped policy's name, or a policy's text.</param>
    /// <param name="leaseMs">Longest lifetime of a lease; null: the default.</param>
    /// <param name="upstream">Where the proxy forwards to.</param>
    /// <param name="clock">Its clock; null: one that stands at <see cref="Start"/>.</param>
    /// <param name="policyFile">A file with the policy's text, which is followed when it changes.</param>
    /// <param name="shared">Its store's folder, which outlives it; null: one of its own.</param>
    /// <param name="alerts">What tenants are told; null: nothing.</param>
    public static async Task<Served> StartAsync(
        string policy, int? leaseMs = null, Uri? upstream = null, TimeProvider? clock = null,
        string? policyFile = null, TemporaryFolder? shared = null, AlertingOptions? alerts = null)
    {
        var folder = shared ?? new TemporaryFolder();
        clock ??= new ManualClock(Start);
        var options = new ServerOptions
        {
            Data = folder.Path,
            Urls = "http://127.0.0.1:0",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            IsDevelopment = true,
            LeaseMs = leaseMs,
            Proxy = new ProxyOptions { Upstream = upstream },
            Alerts = alerts ?? new AlertingOptions(),
        };
        var server = await LimiterServer.OpenAsync(options, Compile(policy), clock, default, policyFile);
        await server.StartAsync(default);
        return new Served(server, folder, shared is null, clock);
    }

    /// <summary>With the tenant acme on a plan, and where the policy counts by key, its key k1.</summary>
    public static async Task<Served> StartWithAcmeAsync(string policy, string plan, int? leaseMs = null)
    {
        var served = await StartAsync(policy, leaseMs);
        await served.RegisterAsync("acme", plan);
        if (policy == "lms") await served.MintAsync("acme", "k1");
        return served;
    }

    /// <summary>Has the policy's file looked at, as SIGHUP does.</summary>
    public Task<ReloadOutcome> ReloadAsync() => _server.ReloadAsync(default);

    public async Task<Answer> CheckAsync(Ask ask, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check") { Content = Json(ask.ToJson()) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await Answer.ReadAsync(await Gateway.SendAsync(request));
    }

    /// <summary>So many checks, several at a time, all of which are admitted.</summary>
    public async Task SpendAsync(Ask ask, int count)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForAsync(0, count, options, async (_, _) =>
        {
            var answer = await CheckAsync(ask);
            answer.Status.ShouldBe(200, answer.Text);
        });
    }

    /// <summary>
    /// The request is denied now and a second before its Retry-After is over, and admitted when it is. The answer is
    /// the first denial.
    /// </summary>
    public async Task<Answer> ShouldRetryExactlyAsync(Ask ask)
    {
        var denied = await CheckAsync(ask);
        denied.Status.ShouldBe(429, denied.Text);
        var wait = denied.RetryAfter.ShouldNotBeNull();
        wait.ShouldBeGreaterThanOrEqualTo(1);
        if (wait > 1)
        {
            await AdvanceAsync(wait - 1);
            var early = await CheckAsync(ask);
            early.Status.ShouldBe(429, early.Text);
            early.RetryAfter.ShouldBe(1);
        }
        await AdvanceAsync(1);
        var admitted = await CheckAsync(ask);
        admitted.Status.ShouldBe(200, admitted.Text);
        return denied;
    }

    public async Task<Answer> LimitsAsync(Ask ask)
    {
        var answer = await GetAsync("/v1/limits" + ask.ToQuery());
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    public async Task<Answer> ChargeAsync(string checkId, long cost) => await Answer.ReadAsync(
        await Gateway.PostAsync("/v1/charge", Json($$"""{"checkId":"{{checkId}}","cost":{{cost}}}""")));

    /// <summary>Moves the clock over HTTP.</summary>
    public Task AdvanceAsync(long seconds) => MoveAsync($$"""{"advanceSeconds":{{seconds}}}""");

    /// <inheritdoc cref="AdvanceAsync(long)"/>
    public Task AdvanceAsync(TimeSpan by) =>
        MoveAsync($$"""{"now":"{{Clock.GetUtcNow() + by:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}}"}""");

    private async Task MoveAsync(string to)
    {
        using var moved = await Anyone.PutAsync("/dev/clock", Json(to));
        moved.EnsureSuccessStatusCode();
    }

    public async Task RegisterAsync(string tenant, string plan)
    {
        var answer = await PutAsync($"/v1/tenants/{tenant}", $$"""{"plan":"{{plan}}"}""");
        answer.Status.ShouldBeOneOf(200, 201);
    }

    /// <summary>Mints a key of a name; the answer is its secret.</summary>
    public async Task<string> MintAsync(string tenant, string key)
    {
        var answer = await PostAsync($"/v1/tenants/{tenant}/keys", $$"""{"name":"test","key":"{{key}}"}""");
        answer.Status.ShouldBe(201, answer.Text);
        return answer.Json.GetProperty("secret").GetString()!;
    }

    /// <summary>An admin call that succeeds.</summary>
    public async Task<Answer> ChangeAsync(string path, string body)
    {
        var answer = await PutAsync(path, body);
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    public async Task<Answer> PutAsync(string path, string body) =>
        await Answer.ReadAsync(await Admin.PutAsync(path, Json(body)));

    public async Task<Answer> PostAsync(string path, string body) =>
        await Answer.ReadAsync(await Admin.PostAsync(path, Json(body)));

    public async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await Admin.GetAsync(path));

    public async Task<Answer> DeleteAsync(string path) => await Answer.ReadAsync(await Admin.DeleteAsync(path));

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

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        Admin.Dispose();
        Anyone.Dispose();
        await _server.DisposeAsync();
        if (_ownsFolder) _folder.Dispose();
    }

    private static Policy Compile(string policy)
    {
        var text = policy.Contains('{', StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(policy)
            : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", policy + ".json"));
        PolicyFile.TryCompile(text, out var compiled, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return compiled!;
    }
}
