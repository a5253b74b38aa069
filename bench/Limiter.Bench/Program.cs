using BenchmarkDotNet.Running;
using Limiter.Bench;

if (args is ["memory", ..]) await MemoryReport.RunAsync(args.Length > 1 ? int.Parse(args[1], null) : 100_000);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
