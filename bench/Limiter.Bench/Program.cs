// memory [tenants]     what a tenant costs an edge in memory
// growth [--docs]      how the cost of a check grows with tenants, limits, rules, keys and edges
// azure [--docs]       what 100,000 requests a second take on Azure
// anything else        BenchmarkDotNet: --filter '*'
using BenchmarkDotNet.Running;
using Limiter.Bench.Azure;
using Limiter.Bench.Growth;
using Limiter.Bench.Memory;

switch (args)
{
    case ["memory", ..]:
        await MemoryReport.RunAsync(args.Length > 1 ? int.Parse(args[1], null) : 100_000);
        break;
    case ["growth", ..]:
        await GrowthReport.RunAsync(args);
        break;
    case ["azure", ..]:
        AzureModel.Run(args);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(MemoryReport).Assembly).Run(args);
        break;
}
