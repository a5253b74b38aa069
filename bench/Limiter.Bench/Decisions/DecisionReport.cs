using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;

namespace Limiter.Bench.Decisions;

/// <summary>Runs BenchmarkDotNet, and on request puts its tables into docs/performance.md.</summary>
internal static class DecisionReport
{
    public static void Run(string[] args)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(DecisionReport).Assembly)
            .Run([.. args.Where(arg => arg != "--docs")]).ToArray();
        if (!args.Contains("--docs")) return;
        var tables = summaries.Select(summary =>
        {
            var text = new AccumulationLogger();
            MarkdownExporter.GitHub.ExportToLog(summary, text);
            var lines = text.GetLog().Trim().ReplaceLineEndings("\n");
            return $"**{summary.BenchmarksCases[0].Descriptor.Type.Name}**\n\n{lines}\n";
        });
        Documents.Find().Replace("in-process", string.Join('\n', tables));
    }
}
