namespace Harness.Contending;

/// <summary>Every contender. Ports are the bench's own, so that a server that runs already is left alone.</summary>
internal static class Catalogue
{
    public const int UpstreamPort = 7290;

    private const int RedisOfKestrel = 7287;
    private const int RedisOfNode = 7288;

    public static readonly IReadOnlyList<Contender> All =
    [
        new("limiter", "check", 7281, place => [Limiter(place, 7281, place.Data)]),
        new("empty", "check", 7282, place => [Peer(place, 7282, "empty")]) { Limits = false },
        new("framework", "check", 7283, place => [Peer(place, 7283, "framework")]) { TakesCosts = false },
        new("node-memory", "check", 7284, place => [Node(place, 7284)]),
        new("node-redis", "check", 7285, place => [Redis(RedisOfNode), [.. Node(place, 7285), "--redis", $"{RedisOfNode}"]]),
        new("kestrel-redis", "check", 7286,
            place => [Redis(RedisOfKestrel), [.. Peer(place, 7286, "redis"), "--redis", $"{RedisOfKestrel}"]]),
        new("limiter-memory", "check", 7289, place => [Limiter(place, 7289, "memory")])
        {
            KnowsMillion = false, IsRegistered = true,
        },
        new("limiter", "proxy", 7291, place =>
            [[.. Limiter(place, 7291, place.Data), "--upstream", $"http://127.0.0.1:{UpstreamPort}"]]),
        new("yarp", "proxy", 7292, place => [Forwarder(place, 7292, "yarp")]) { Limits = false },
        new("yarp-framework", "proxy", 7293, place => [Forwarder(place, 7293, "yarp-framework")]),
        new("nginx", "proxy", 7294, place => [Nginx(place, "nginx.conf", 7294)]),
        new("haproxy", "proxy", 7295, place =>
            [["haproxy", "-db", "-f", place.Configured("haproxy.cfg", 7295, UpstreamPort)]]),
    ];

    public static IEnumerable<string> Names => All.Select(contender => contender.Name).Distinct();

    /// <summary>The API behind the proxies. It runs on the load's core.</summary>
    public static IReadOnlyList<string> Upstream(Place place) => Nginx(place, "upstream.conf", UpstreamPort);

    private static string[] Limiter(Place place, int port, string data) =>
    [
        "dotnet", place.Built("src/Limiter.Server", "Limiter.Server"), "--urls", $"http://127.0.0.1:{port}",
        "--data", data, "--policy", place.Configured("policy.json", port, UpstreamPort),
        "--gateway-key", Place.GatewayKey, "--admin-key", Place.AdminKey,
    ];

    private static string[] Peer(Place place, int port, string kind) =>
    [
        "dotnet", place.Built("bench/http/Peers", "Peers"), "--urls", $"http://127.0.0.1:{port}", "--kind", kind,
        "--rich", $"{Place.Rich}", "--poor", $"{Place.Poor}",
    ];

    private static string[] Forwarder(Place place, int port, string kind) =>
        [.. Peer(place, port, kind), "--upstream", $"http://127.0.0.1:{UpstreamPort}"];

    private static string[] Node(Place place, int port) =>
    [
        "node", Path.Combine(place.Bench, "node", "server.js"), "--port", $"{port}",
        "--rich", $"{Place.Rich}", "--poor", $"{Place.Poor}",
    ];

    // Nothing is saved: the fastest that Redis is.
    private static string[] Redis(int port) =>
        ["redis-server", "--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no"];

    private static string[] Nginx(Place place, string file, int port) =>
        ["nginx", "-c", place.Configured(file, port, UpstreamPort), "-p", place.Scratch];
}
