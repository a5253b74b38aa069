using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Http.Proxy;
using Limiter.Server;
using Limiter.Server.Options;

namespace Limiter.Surface;

/// <summary>The self-hosted server and the function app, alike but for what is random, their clocks standing.</summary>
internal sealed class BothHosts : IAsyncDisposable
{
    public const string GatewayKey = "gateway-key";
    public const string AdminKey = "admin-key";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualClock[] _clocks;

    // The last key that was minted on each, with its secret.
    private (string Name, string Secret)[] _keys = [("none", "none"), ("none", "none")];

    // The id of the last admission on each.
    private string[] _checks = ["none", "none"];

    private BothHosts(LimiterServer server, FunctionHost functions, ManualClock[] clocks) =>
        (Server, Functions, _clocks) = (server, functions, clocks);

    public LimiterServer Server { get; }

    public FunctionHost Functions { get; }

    /// <param name="policy">A shipped policy's name.</param>
    /// <param name="leaseMs">0: every check asks its bucket.</param>
    /// <param name="upstream">Where the proxies forward to; null for nowhere.</param>
    /// <param name="delivery">How signals reach the entities.</param>
    public static async Task<BothHosts> StartAsync(
        string policy, int leaseMs = 0, Uri? upstream = null, Delivery? delivery = null)
    {
        ManualClock[] clocks = [new(Start), new(Start)];
        var proxy = new ProxyOptions { Upstream = upstream };
        var options = new ServerOptions
        {
            Data = ServerOptions.InMemory,
            Urls = "http://127.0.0.1:0",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            LeaseMs = leaseMs,
            Proxy = proxy,
        };
        var server = await LimiterServer.OpenAsync(options, Shipped(policy), clocks[0], default);
        await server.StartAsync(default);
        var settings = new EdgeSettings
        {
            Policy = Shipped(policy),
            Tables = "none",
            GatewayKey = GatewayKey,
            AdminKey = AdminKey,
            LeaseMs = leaseMs,
            Proxy = proxy,
        };
        var functions = await FunctionHost.StartAsync(
            settings, new InMemoryDirectory(), clocks[1], delivery ?? Delivery.Prompt);
        return new BothHosts(server, functions, clocks);
    }

    public void Advance(TimeSpan by)
    {
        foreach (var clock in _clocks) clock.Advance(by);
    }

    /// <summary>Sends the same request to both; the answers are the same, and this is the server's.</summary>
    public async Task<Answer> SendAsync(Request request)
    {
        var expected = await Answer.AskAsync(Server.Address, request.With(_keys[0], _checks[0]));
        var answer = await Answer.AskAsync(Functions.Address, request.With(_keys[1], _checks[1]));
        if (expected.Member("checkId").Length > 0)
            _checks = [expected.Member("checkId"), answer.Member("checkId")];
        if (expected.Member("secret").Length > 0)
            _keys = [.. new[] { expected, answer }.Select(one => (one.Member("key"), one.Member("secret")))];
        answer.ToString().ShouldBe(expected.ToString(), $"{request}: function app, then server");
        return expected;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Functions.DisposeAsync();
    }

    private static Policy Shipped(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", name + ".json"));
        PolicyFile.TryCompile(file, out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
