using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

/// <summary>A check that sees nothing passes: these show that the readers see.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("var a = {")]
    [InlineData("var a = (1]")]
    [InlineData("var a = 'open")]
    [InlineData("var a = 'a ${b'")]
    [InlineData("var a = '''open")]
    [InlineData("var a = 'it\\s'")]
    [InlineData("var a = \"double\"")]
    [InlineData("vra a = 1")]
    public void What_is_no_bicep_is_refused(string text) => Should.Throw<FormatException>(() => BicepFile.Of(text));

    [Fact]
    public void Names_are_found_and_keys_properties_and_loop_names_are_not() =>
        Used("var a = [for one in many: { key: one.size, '${hole.x}': yes ? left : right }]")
            .ShouldBe(["many", "hole", "yes", "left", "right"], ignoreOrder: true);

    [Fact]
    public void A_lambda_owns_its_name() => Used("var a = filter(list, each => each.n > least)")
        .ShouldBe(["filter", "list", "least"]);

    [Fact]
    public void A_body_is_read_by_path()
    {
        var values = BicepFile.Of("""
            resource r 'A.B/c@2026-01-01' = if (wanted) {
              name: 'n' // comment
              list: ['x', 'y']
              settings: concat([
                {
                  name: 'S'
                  value: f(1, 2)
                }
              ], more)
              sku: big ? { name: 'L' } : { name: 'S' }
            }
            """).Declarations.Single().Values;
        values["name"].ShouldBe("'n'");
        values["list[1]"].ShouldBe("'y'");
        values["settings[0].value"].ShouldBe("f ( 1 , 2 )");
        values["sku"].ShouldBe("big ? { name : 'L' } : { name : 'S' }");
    }

    [Fact]
    public void A_decorated_parameter_is_known_as_secure() =>
        BicepFile.Of("@secure()\nparam key string = ''\nparam other string").Declarations
            .Select(one => (one.IsSecure, one.HasDefault)).ShouldBe([(true, true), (false, false)]);

    private static IEnumerable<string> Used(string text) =>
        BicepFile.Of(text).Declarations.SelectMany(Names.Used).Select(token => token.Text);
}
