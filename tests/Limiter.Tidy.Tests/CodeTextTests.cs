namespace Limiter.Tidy.Tests;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a // b", "a")]
    [InlineData("a /* b */ c", "a c")]
    [InlineData("f(\"x \\\" y\", 'z', '\\'')", "f( , , )")]
    [InlineData("f(@\"x \"\" y\\\", z)", "f( , z)")]
    [InlineData("f($\"x {y[\"k\"]} {{n}} {t:yyyy-MM-dd'T'HH} {(b ? c : d)}\", e)", "f( y[ ] t (b ? c : d) , e)")]
    [InlineData("f(\"\"\"x \" y {z}\"\"\", a)", "f( , a)")]
    [InlineData("f($$\"\"\"x {y} {{z}} \"\"\", a)", "f( z , a)")]
    [InlineData("f(\"\", a)", "f( , a)")]
    [InlineData("@class = 1", "@class = 1")]
    public void Comments_and_literals_are_blanked_and_the_rest_keeps_its_place(string text, string code)
    {
        var blanked = CodeText.Blank(text);
        blanked.Length.ShouldBe(text.Length);
        string.Join(' ', blanked.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ShouldBe(string.Join(' ', code.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Only_outermost_declarations_are_types_of_the_file()
    {
        var file = SourceFile.Of("A.cs", """
            namespace N;

            [Name("class Z { }")]
            public sealed class A<T>(int record)
                where T : class
            {
                // class B
                private enum C { D }
            }
            public readonly record struct E(string Text);
            internal delegate void F<in T>(T value);
            """);

        file.TopLevelTypes().ShouldBe(
            [new DeclaredType("A", 4, 6), new DeclaredType("E", 10, 1), new DeclaredType("F", 11, 1)]);
    }
}
