using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Limiter.Tidy.Tests;

public sealed class DependencyTests
{
    private static readonly IEnumerable<Room> Built = Room.All.Where(room => room.IsBuilt);

    /// <summary>What would let time, waiting, chance, files or a serializer into the pure room.</summary>
    private static readonly Regex ImpureTypes = new(
        @"^(System\.Threading\.Tasks\..*|System\.TimeProvider|System\.Threading\.(Timer|PeriodicTimer|ITimer|Thread)"
        + @"|Microsoft\.Extensions\..*|System\.Text\.Json\.Serialization\..*"
        + @"|System\.IO\.(File|FileInfo|FileStream|Directory|DirectoryInfo)|System\.Net\.(Http|Sockets)\..*"
        + @"|System\.Diagnostics\.(Process|Stopwatch)|System\.Console|System\.Random"
        + @"|System\.Security\.Cryptography\.RandomNumberGenerator)$");

    [Fact]
    public void Every_project_under_src_is_a_room_of_the_house() =>
        Repository.Files("src", "*.csproj")
            .Where(project => !Room.All.Any(room => project == $"src/{room.Name}/{room.Name}.csproj"))
            .ShouldBeNone("A new room needs a place in Room.All, in DESIGN and in ARCHITECTURE:");

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = File.ReadAllText(Repository.Full("Limiter.sln")).Replace('\\', '/');
        new[] { "src", "tests", "bench" }
            .SelectMany(folder => Repository.Files(folder, "*.csproj"))
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal))
            .ShouldBeNone("What is not in Limiter.sln is neither built nor tested:");
    }

    [Fact]
    public void An_assembly_references_only_what_its_room_may_use() =>
        (from room in Built
         from assembly in room.ReferencedAssemblies()
         where !room.MayUse(assembly)
         select $"src/{room.Name}/{room.Name}.csproj:1: {room.Name} references {assembly}")
        .ShouldBeNone("Dependency arrows point inwards only:");

    [Fact]
    public void A_project_file_references_only_what_its_room_may_use() =>
        (from room in Built
         from reference in References($"src/{room.Name}/{room.Name}.csproj")
         where !room.MayUse(reference.Name) && !IsBuildTool(reference.Element)
         select $"src/{room.Name}/{room.Name}.csproj:{reference.Line}: {reference.Name}")
        .ShouldBeNone("A reference that is not used yet breaks the rule too:");

    [Fact]
    public void Domain_is_pure() =>
        (from type in Room.All[0].ReferencedTypes()
         where ImpureTypes.IsMatch(type)
         let name = Regex.Escape(type[(type.LastIndexOf('.') + 1)..].Split('`')[0])
         let uses = Repository.Sources("src/Limiter.Domain")
             .SelectMany(file => file.Find(new Regex($@"\b{Regex.Replace(name, "Attribute$", "(Attribute)?")}\b")))
         from place in uses.DefaultIfEmpty("src/Limiter.Domain:1: (by the compiler)")
         select $"{place} is {type}")
        .ShouldBeNone("Domain takes time as an argument and returns values; hosts wait, log, store and serialize:");

    private static IEnumerable<(string Name, int Line, XElement Element)> References(string project) =>
        from element in XDocument.Load(Repository.Full(project), LoadOptions.SetLineInfo).Descendants()
        where element.Name.LocalName
            is "ProjectReference" or "PackageReference" or "PackageDownload" or "Reference" or "AzureSdkReference"
        let include = (string?)element.Attribute("Include")
        where include is not null
        let file = include.Replace('\\', '/')
        let name = file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".dll", StringComparison.Ordinal)
            ? Path.GetFileNameWithoutExtension(file)
            : file
        select (name, ((System.Xml.IXmlLineInfo)element).LineNumber, element);

    // An analyzer, a generator or a program of the build works at build time and is no dependency of what ships.
    private static bool IsBuildTool(XElement reference) =>
        (string?)reference.Attribute("PrivateAssets") == "all" || reference.Attribute("OutputItemType") is not null
        || (string?)reference.Attribute("ReferenceOutputAssembly") == "false";
}
