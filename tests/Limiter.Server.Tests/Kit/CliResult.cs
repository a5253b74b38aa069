using System.Text.Json;

namespace Limiter.Server.Tests.Kit;

/// <summary>What a command wrote, and how it ended.</summary>
internal sealed record CliResult(int Code, string Out, string Error)
{
    /// <summary>The answer as a program reads it.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Everything, for a failed test's message.</summary>
    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";

    public CliResult ShouldBe(int code)
    {
        Code.ShouldBe(code, ToString());
        return this;
    }
}
