using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Limiter.Tidy.Tests;

/// <summary>A project under src and what it may stand on.</summary>
/// <param name="Name">Folder, project and assembly.</param>
/// <param name="Uses">The rooms that it may reference.</param>
/// <param name="Assemblies">What else it may reference besides the .NET runtime; a final <c>*</c>: any ending.</param>
internal sealed record Room(string Name, string[] Uses, string[] Assemblies)
{
    private const string Azure = "Azure.*";
    private const string Functions = "Microsoft.Azure.Functions.*";
    private const string Durable = "Microsoft.DurableTask.*";
    private const string AspNetCore = "Microsoft.AspNetCore.*";
    private const string Extensions = "Microsoft.Extensions.*";
    private const string Telemetry = "OpenTelemetry.*";
    private const string Forwarder = "Yarp.ReverseProxy";

    /// <summary>The whole house. A room that is not built yet has no folder.</summary>
    public static readonly Room[] All =
    [
        new("Limiter.Domain", [], []),
        new("Limiter.Engine", ["Limiter.Domain"], ["Microsoft.Extensions.Logging.Abstractions"]),
        new("Limiter.Contract", ["Limiter.Domain"], [AspNetCore, Extensions, "Microsoft.Net.Http.Headers"]),
        new("Limiter.Described", ["Limiter.Domain"], []),
        new("Limiter.OpenApi", ["Limiter.Domain", "Limiter.Described"], [AspNetCore, Extensions, "Microsoft.OpenApi"]),
        new("Limiter.Http", ["Limiter.Domain", "Limiter.Engine", "Limiter.Contract", "Limiter.Described"],
            [AspNetCore, Extensions, "Microsoft.Net.Http.Headers", Forwarder, Telemetry]),
        new("Limiter.Client", ["Limiter.Domain", "Limiter.Engine", "Limiter.Contract"],
            [AspNetCore, Extensions, "System.Threading.RateLimiting"]),
        new("Limiter.Sqlite", ["Limiter.Domain", "Limiter.Engine"],
            ["Microsoft.Data.Sqlite", "SQLitePCLRaw.*", "Microsoft.Extensions.Logging.Abstractions"]),
        new("Limiter.Server",
            ["Limiter.Domain", "Limiter.Engine", "Limiter.Http", "Limiter.Contract", "Limiter.Sqlite"],
            [AspNetCore, Extensions, "Microsoft.Net.Http.Headers", Forwarder, "System.CommandLine"]),
        new("Limiter.Tables", ["Limiter.Domain", "Limiter.Engine"], [Azure, Extensions]),
        new("Functions", ["Limiter.Domain", "Limiter.Engine", "Limiter.Http", "Limiter.Contract", "Limiter.Tables"],
            [Azure, Functions, Durable, AspNetCore, Extensions]),
    ];

    public bool IsBuilt => Directory.Exists(Repository.Full($"src/{Name}"));

    public bool MayUse(string assembly) => Uses.Contains(assembly) || IsRuntime(assembly) || Assemblies.Any(allowed =>
        allowed.EndsWith('*')
            ? assembly.StartsWith(allowed[..^1], StringComparison.Ordinal) || assembly == allowed[..^2]
            : assembly == allowed);

    /// <summary>The assemblies that the room's own assembly names.</summary>
    public IReadOnlyList<string> ReferencedAssemblies() => Read(metadata => metadata.AssemblyReferences
        .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)));

    /// <summary>The full names of all types that signatures and bodies name, nested ones by their outermost.</summary>
    public IReadOnlyList<string> ReferencedTypes() => Read(metadata => metadata.TypeReferences
        .Select(metadata.GetTypeReference)
        .Where(type => type.ResolutionScope.Kind != HandleKind.TypeReference)
        .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"));

    // What the runtime itself brings, as opposed to ASP.NET Core and packages, lies beside its core library.
    private static bool IsRuntime(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, assembly + ".dll"));

    private IReadOnlyList<string> Read(Func<MetadataReader, IEnumerable<string>> read)
    {
        using var file = new PEReader(File.OpenRead(AssemblyPath()));
        return [.. read(file.GetMetadataReader())];
    }

    private string AssemblyPath()
    {
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, Name + ".dll"),
            Repository.Full($"src/{Name}/bin/{Repository.Configuration}/net10.0/{Name}.dll"),
        ];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{Name} is not built: build Limiter.sln first.", places[^1]);
    }
}
