using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

/// <summary>What a compiler would say first. Brackets and quotes are checked by reading the files at all.</summary>
public sealed class SymbolTests
{
    private const int ColumnsMax = 120;

    [Fact]
    public void Every_name_that_is_used_is_declared() =>
        (from file in BicepFile.All
         let declared = file.Declarations.Where(one => one.Kind != "output").Select(one => one.Name).ToHashSet()
         from declaration in file.Declarations
         from name in Names.Used(declaration)
         where Names.IsCall(declaration, name) ? !Names.Functions.Contains(name.Text) : !declared.Contains(name.Text)
         select $"{file.Path}:{name.Line}: {name.Text}")
        .ShouldBeEmpty();

    [Fact]
    public void Every_parameter_and_variable_is_used() =>
        (from file in BicepFile.All
         let used = file.Declarations.SelectMany(Names.Used).Select(name => name.Text).ToHashSet()
         from declared in file.Declarations
         where declared.Kind is "param" or "var" && !used.Contains(declared.Name)
         select $"{file.Path}: {declared.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void Every_existing_resource_is_used() =>
        (from file in BicepFile.All
         let used = file.Declarations.SelectMany(Names.Used).Select(name => name.Text).ToHashSet()
         from declared in file.Every("resource")
         where declared.IsExisting && !used.Contains(declared.Name)
         select $"{file.Path}: {declared.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void A_name_is_declared_once() =>
        (from file in BicepFile.All
         from same in file.Declarations.Where(one => one.Kind != "output").GroupBy(one => one.Name)
         where same.Count() > 1
         select $"{file.Path}: {same.Key}")
        .ShouldBeEmpty();

    [Fact]
    public void A_line_fits_the_width() =>
        (from path in BicepFile.All.Select(file => file.Path).Append("infra/main.bicepparam").Append("azure.yaml")
         from line in Repository.Text(path).Split('\n').Index()
         where line.Item.Length > ColumnsMax || line.Item.EndsWith(' ') || line.Item.Contains('\t')
         select $"{path}:{line.Index + 1}")
        .ShouldBeEmpty();
}
