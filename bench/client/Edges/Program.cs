// One server with its store, and 1 to 100 edges of src/Limiter.Client over HTTP, 10,000 tenants in all sizes alike.
//
//   dotnet run -c Release --project bench/client/Edges [-- [--docs] [seconds a size [edges]]]
//
// The edges are in this one process, each with connections and an identity of its own. About four minutes; stops what
// it started. --docs: the table replaces that in docs/performance.md.
using System.Diagnostics;
using System.Globalization;
using Edges;
using Limiter.Bench;
using Limiter.Bench.Growth;

const int tenants = 10_000;
const int perSecond = 2_000;
const int poorEach = 10;
const int poorNumber = 2;
const int richNumber = 1_000_000;
const string policy = """
    {
      "policy": "edges",
      "limits": { "window": { "algorithm": "fixedWindow", "window": "15s" } },
      "plans": { "rich": { "window": 1000000 }, "poor": { "window": 2 } },
      "cost": { "default": 1, "min": 1, "max": 1 },
      "whenUnreachable": "closed",
      "response": { "describe": "window", "reset": "unix", "denied": { "error": "denied" } }
    }
    """;
var numbers = args.Where(arg => arg != "--docs")
    .Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
var measured = TimeSpan.FromSeconds(numbers is [var seconds, ..] ? seconds : 30);
int[] sizes = numbers is [_, .. { Length: > 0 } only] ? only : [1, 10, 25, 50, 100];
var (warmUp, waitLimit) = (TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(5));
var docs = args.Contains("--docs") ? Documents.Find() : null;

await using var limiter = await LimiterProcess.StartAsync(policy);
await limiter.RegisterAsync(Enumerable.Range(0, tenants).Select(i => (Load.NameOf(i), IsPoor(i) ? "poor" : "rich")));
Console.WriteLine($"{tenants} tenants registered");
var points = new List<CurvePoint>();
foreach (var size in sizes) points.Add(await MeasureAsync(size));
var curve = new Curve("remote", "edges",
    [
        "lease calls a second", "vectors a call", "vectors a second and tenant", "all calls a second and tenant",
        "ms a lease call, median", "99 %", "server's CPU, % of a core", "its memory, MiB", "checks a second",
        "% denied early", "% without a decision",
    ], points);
Console.WriteLine($"\n{CurveText.Table(curve)}\n{CurveText.Csv(curve)}");
if (docs is null) return;
var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
var at = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
var about = $"Measured {at}, all on two cores; load average then {load}.";
docs.Replace("remote", $"{about}\n\n![remote](performance/remote.svg)\n\n{CurveText.Table(curve)}");
docs.WritePlot("remote", CurveText.Svg(curve));

static bool IsPoor(int tenant) => tenant % poorEach == 0;

async Task<CurvePoint> MeasureAsync(int size)
{
    var counts = new CallCounts();
    var edges = await Task.WhenAll(
        Enumerable.Range(0, size).Select(_ => Edge.StartAsync(limiter, counts, waitLimit)));
    var admissions = new Admissions(tenant => IsPoor(tenant) ? poorNumber : richNumber);
    var running = new Load(edges, tenants, perSecond);
    await running.RunAsync(warmUp, admissions);
    counts.Clear();
    var (other, answered) = (admissions.Other, admissions.Admitted + admissions.Denied);
    var (processor, began) = (limiter.ProcessorTime, Stopwatch.GetTimestamp());
    await running.RunAsync(measured, admissions);
    var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
    processor = limiter.ProcessorTime - processor;
    answered = admissions.Admitted + admissions.Denied - answered;
    other = admissions.Other - other;
    var (leases, vectors, calls) = (counts.LeaseCalls, counts.Vectors, counts.Calls);
    var (median, slow, failed) = (counts.LeaseMs(50), counts.LeaseMs(99), counts.Failed);
    var memory = limiter.MemoryBytes;
    foreach (var edge in edges) await edge.DisposeAsync();
    admissions.VerifyNeverOver();
    var early = admissions.DeniedEarlyPercent(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{size} edges: {answered / took:F0} checks/s, {leases / took:F0} lease calls/s, "
        + $"{failed} calls failed; other answers: {string.Join(", ", admissions.Others)}"));
    return new CurvePoint(size,
        [
            leases / took, (double)vectors / Math.Max(1, leases), vectors / took / tenants,
            calls / took / tenants, median, slow, processor.TotalSeconds / took * 100, memory / 1048576.0,
            answered / took, early, 100.0 * other / Math.Max(1, answered + other),
        ]);
}
