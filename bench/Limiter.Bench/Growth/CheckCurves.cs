using System.Globalization;
using Limiter.Engine.Checks;

namespace Limiter.Bench.Growth;

/// <summary>What a whole check costs one edge in process, from held leases, as one thing grows and the others stay.</summary>
internal static class CheckCurves
{
    // Leases end with their window: a short one would have every bucket asked anew in the middle of a measurement.
    private const string Window = """{"algorithm":"fixedWindow","window":"1h","number":1000000000}""";

    private static readonly string[] s_algorithms =
    [
        Window,
        """{"algorithm":"slidingWindow","window":"60s","number":1000000000}""",
        """{"algorithm":"tokenBucket","window":"60s","number":1000000000,"refill":"10000%"}""",
    ];

    /// <summary>All of them in use at once, each with a lease, one drawn at random for each check.</summary>
    public static async Task<Curve> TenantsAsync()
    {
        var points = new List<CurvePoint>();
        foreach (var size in new[] { 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000 })
        {
            var checker = BenchEdge.Over(BenchPolicy.Compile($$"""{"window":{{Window}}}"""));
            points.Add(await CheckTimer.MeasureAsync(checker, Checks(size, i => Of($"tenant-{i}", "/contacts"))));
        }
        return new Curve("tenants", "tenants in use", CheckTimer.Columns, points);
    }

    /// <summary>All of them count each check; fixed window, sliding window and token bucket in turn.</summary>
    public static async Task<Curve> LimitsAsync()
    {
        var points = new List<CurvePoint>();
        foreach (var size in new[] { 1, 2, 3, 5, 10, 15, 20 })
        {
            var limits = Enumerable.Range(0, size).Select(i => $"\"l{i}\":{s_algorithms[i % s_algorithms.Length]}");
            var checker = BenchEdge.Over(BenchPolicy.Compile($"{{{string.Join(',', limits)}}}"));
            var point = await CheckTimer.MeasureAsync(checker, [Of("acme", "/contacts")]);
            points.Add(point with { Size = size });
        }
        return new Curve("limits", "limits of a policy", CheckTimer.Columns, points);
    }

    /// <summary>A rule each for so many paths of the same shape; the check's is drawn at random.</summary>
    public static async Task<Curve> RulesAsync()
    {
        var points = new List<CurvePoint>();
        foreach (var size in new[] { 1, 10, 100, 500, 1_000, 2_000 })
        {
            var rules = Enumerable.Range(0, size).Select(i => string.Create(
                CultureInfo.InvariantCulture, $$"""{"group":"g","match":"GET /resource-{{i}}/{id}/notes"}"""));
            var policy = BenchPolicy.Compile($$"""{"window":{{Window}}}""", $"[{string.Join(',', rules)}]");
            var checks = Checks(size, i => Of("acme", $"/resource-{i}/17/notes"));
            points.Add(await CheckTimer.MeasureAsync(BenchEdge.Over(policy), checks));
        }
        return new Curve("rules", "endpoint rules", CheckTimer.Columns, points);
    }

    /// <summary>Keys of one tenant, each with a bucket of its own, one drawn at random for each check.</summary>
    public static async Task<Curve> KeysAsync()
    {
        var points = new List<CurvePoint>();
        foreach (var size in new[] { 1, 10, 100, 1_000, 10_000, 100_000 })
        {
            var policy = BenchPolicy.Compile(
                """{"window":{"algorithm":"fixedWindow","window":"1h","number":1000000000,"per":"key"}}""");
            var checks = Checks(size, i => Of("acme", "/contacts") with { Key = $"key-{i}" });
            points.Add(await CheckTimer.MeasureAsync(BenchEdge.Over(policy), checks));
        }
        return new Curve("keys", "keys of a tenant", CheckTimer.Columns, points);
    }

    private static Check[] Checks(int count, Func<int, Check> check) => [.. Enumerable.Range(0, count).Select(check)];

    private static Check Of(string tenant, string path) => new() { Tenant = tenant, Method = "GET", Path = path };
}
