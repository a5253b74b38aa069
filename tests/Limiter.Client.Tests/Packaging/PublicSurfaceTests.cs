using System.Reflection;

namespace Limiter.Client.Tests.Packaging;

/// <summary>What users of the package can see is what PublicSurface.txt says: a change of it is meant.</summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public async Task The_public_surface_is_the_one_that_is_written_down()
    {
        var surface = typeof(LimiterExtensions).Assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.GetMembers(Own)
                .Where(member => member is not MethodInfo { IsSpecialName: true } || member.Name.StartsWith("op_"))
                .Select(member => $"{type.FullName}: {member}").Order(StringComparer.Ordinal));
        var written = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "PublicSurface.txt"));
        surface.ShouldBe(written);
    }
}
