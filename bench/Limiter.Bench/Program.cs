using BenchmarkDotNet.Running;
using Limiter.Bench;

if (args is ["memory", ..]) await MemoryReport.RunAsync(args.Length > 1 ? int.Parse(args[1], null) : 100_000);
else if (args is ["usage", ..]) await UsageReport.RunAsync();
else BenchmarkSwitcher.FromAssembly(typeof(DecisionBench).Assembly).Run(args);
