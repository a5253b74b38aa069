namespace Harness.Contending;

/// <summary>Where things are: the repository, and a folder of this run's own that is deleted with it.</summary>
internal sealed record Place(string Root, string Scratch)
{
    public const int ServerCore = 0;
    public const int LoadCore = 1;

    /// <summary>Tokens in 60 seconds of a tenant that is never to be denied, at every contender.</summary>
    public const int Rich = 1_000_000_000;

    /// <summary>The same of a tenant that is denied on purpose.</summary>
    public const int Poor = 50;

    public const string GatewayKey = "bench-gateway-key-1";
    public const string AdminKey = "bench-admin-key-0001";

    public string Bench => Path.Combine(Root, "bench", "http");

    /// <summary>Limiter's data folder.</summary>
    public string Data => Path.Combine(Scratch, "data");

    public string Built(string project, string name) =>
        Path.Combine(Root, project, "bin", "Release", "net10.0", $"{name}.dll");

    /// <summary>A file of <c>conf</c> with its names in braces replaced, in the scratch folder.</summary>
    public string Configured(string file, int port, int upstream)
    {
        var text = File.ReadAllText(Path.Combine(Bench, "conf", file))
            .Replace("{dir}", Scratch, StringComparison.Ordinal)
            .Replace("{port}", $"{port}", StringComparison.Ordinal)
            .Replace("{upstream}", $"{upstream}", StringComparison.Ordinal)
            .Replace("{rich}", $"{Rich}", StringComparison.Ordinal)
            .Replace("{poorBurst}", $"{Poor - 1}", StringComparison.Ordinal)
            .Replace("{poor}", $"{Poor}", StringComparison.Ordinal);
        var configured = Path.Combine(Scratch, file);
        File.WriteAllText(configured, text);
        return configured;
    }
}
