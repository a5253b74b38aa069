// memory [tenants]        what a tenant costs an edge in memory
// growth [tenants|...]    how the cost of a check grows with tenants, limits, rules, keys and edges
// azure                   what 100,000 requests a second take on Azure
// anything else           BenchmarkDotNet: --filter '*'
// Each takes --docs: its tables replace those in docs/performance.md.
using Limiter.Bench.Azure;
using Limiter.Bench.Decisions;
using Limiter.Bench.Growth;
using Limiter.Bench.Memory;

switch (args)
{
    case ["memory", ..]:
        await MemoryReport.RunAsync(args);
        break;
    case ["growth", ..]:
        await GrowthReport.RunAsync(args);
        break;
    case ["azure", ..]:
        AzureModel.Run(args);
        break;
    default:
        DecisionReport.Run(args);
        break;
}
