using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class PathNormaliserTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/contacts", "/contacts")]
    [InlineData("/contacts?x=1", "/contacts")]
    [InlineData("/contacts#part", "/contacts")]
    [InlineData("/?x=/..//", "/")]
    [InlineData("/contacts/", "/contacts")]
    [InlineData("//contacts", "/contacts")]
    [InlineData("//host/x", "/host/x")]
    [InlineData("///", "/")]
    [InlineData("/a//b///c", "/a/b/c")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a//../b", "/b")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a")]
    [InlineData("/a/.", "/a")]
    [InlineData("/.", "/")]
    [InlineData("/..", "/")]
    [InlineData("/%2e%2e/a", "/a")]
    [InlineData("/a/%2E%2e/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%2f..%2Fb", "/b")]
    [InlineData("/%61uth/login", "/auth/login")]
    [InlineData("/caf%C3%A9", "/café")]
    [InlineData("/café", "/café")]
    [InlineData("/%F0%9F%98%80", "/😀")]
    [InlineData("/😀", "/😀")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/100%25", "/100%")]
    [InlineData("/a%3Fb", "/a?b")]
    [InlineData("/a%23b", "/a#b")]
    [InlineData("/...", "/...")]
    [InlineData("/.a/..b", "/.a/..b")]
    [InlineData("/a;x=1/b", "/a;x=1/b")]
    [InlineData("/..;/a", "/..;/a")]
    [InlineData("/Users", "/Users")]
    public void A_path_has_one_normal_form(string raw, string expected)
    {
        PathNormaliser.TryNormalise(raw, out var normal, out var error).ShouldBeTrue();

        normal.ShouldBe(expected);
        error.ShouldBe(PathError.None);
    }

    [Theory]
    [InlineData("", PathError.NotRooted)]
    [InlineData("*", PathError.NotRooted)]
    [InlineData("contacts", PathError.NotRooted)]
    [InlineData("?x=1", PathError.NotRooted)]
    [InlineData("http://host/x", PathError.NotRooted)]
    [InlineData("%2Fcontacts", PathError.NotRooted)]
    [InlineData("/a\\b", PathError.Backslash)]
    [InlineData("/%5C", PathError.Backslash)]
    [InlineData("/a%5c..%5cb", PathError.Backslash)]
    [InlineData("/%", PathError.MalformedEscape)]
    [InlineData("/%2", PathError.MalformedEscape)]
    [InlineData("/%zz", PathError.MalformedEscape)]
    [InlineData("/%2?5", PathError.MalformedEscape)]
    [InlineData("/%u002F", PathError.MalformedEscape)]
    [InlineData("/%252F", PathError.EncodedTwice)]
    [InlineData("/%252e%252e/a", PathError.EncodedTwice)]
    [InlineData("/%2541", PathError.EncodedTwice)]
    [InlineData("/%25%34%31", PathError.EncodedTwice)]
    [InlineData("/a\0b", PathError.ControlCharacter)]
    [InlineData("/a%00b", PathError.ControlCharacter)]
    [InlineData("/a\tb", PathError.ControlCharacter)]
    [InlineData("/a%0D%0Ab", PathError.ControlCharacter)]
    [InlineData("/a%7Fb", PathError.ControlCharacter)]
    [InlineData("/a\u0085b", PathError.ControlCharacter)]
    [InlineData("/a%C2%80b", PathError.ControlCharacter)]
    [InlineData("/%C0%AF", PathError.InvalidUtf8)]
    [InlineData("/%E0%80%AF", PathError.InvalidUtf8)]
    [InlineData("/%C0%AE%C0%AE/", PathError.InvalidUtf8)]
    [InlineData("/%FF", PathError.InvalidUtf8)]
    [InlineData("/%80", PathError.InvalidUtf8)]
    [InlineData("/%C3", PathError.InvalidUtf8)]
    [InlineData("/%C3é", PathError.InvalidUtf8)]
    [InlineData("/%ED%A0%80", PathError.InvalidUtf8)]
    [InlineData("/%F4%90%80%80", PathError.InvalidUtf8)]
    public void A_path_without_a_normal_form_says_why(string raw, PathError expected)
    {
        PathNormaliser.TryNormalise(raw, out var normal, out var error).ShouldBeFalse();

        error.ShouldBe(expected);
        normal.ShouldBe("");
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_an_error()
    {
        // Attribute arguments cannot hold one: they are stored as UTF-8.
        foreach (var raw in new[] { "/a\uD83D", "/a\uDE00b", "/\uDE00\uD83D" })
        {
            PathNormaliser.TryNormalise(raw, out _, out var error).ShouldBeFalse();
            error.ShouldBe(PathError.LoneSurrogate);
        }
    }

    [Fact]
    public void The_length_is_bounded_before_decoding()
    {
        var longest = "/" + new string('a', PathNormaliser.LengthMax - 1);

        PathNormaliser.TryNormalise(longest, out var normal, out _).ShouldBeTrue();
        normal.ShouldBeSameAs(longest);
        PathNormaliser.TryNormalise(longest + "a", out _, out var error).ShouldBeFalse();
        error.ShouldBe(PathError.TooLong);
        // It is the sender's spelling that is measured, however short the normal form.
        var slashes = "/" + string.Concat(Enumerable.Repeat("%2F", 2_730));
        PathNormaliser.TryNormalise(slashes, out normal, out _).ShouldBeTrue();
        normal.ShouldBe("/");
        PathNormaliser.TryNormalise(slashes + "%2F", out _, out error).ShouldBeFalse();
        error.ShouldBe(PathError.TooLong);
    }

    [Fact]
    public void A_normal_path_is_returned_as_it_is_and_costs_no_memory()
    {
        const string path = "/contacts/7/notes";
        PathNormaliser.TryNormalise(path, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        PathNormaliser.TryNormalise(path, out var normal, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        normal.ShouldBeSameAs(path);
        allocated.ShouldBe(0);
    }

    [Fact]
    public void The_form_in_a_callers_buffer_costs_no_memory()
    {
        const string path = "/contacts/./%37?x=1";
        var buffer = new char[path.Length];
        PathNormaliser.TryNormalise(path, buffer, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        PathNormaliser.TryNormalise(path, buffer, out var normal, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        normal.ToString().ShouldBe("/contacts/7");
        allocated.ShouldBe(0);
    }

    [Theory]
    [InlineData("/contacts", "/contacts")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/a?b#c", "/a%3Fb%23c")]
    [InlineData("/café/😀", "/caf%C3%A9/%F0%9F%98%80")]
    [InlineData("/a;x=1,2/(b)", "/a;x=1,2/(b)")]
    public void A_normal_path_is_written_with_what_a_path_cannot_hold_encoded(string normal, string encoded) =>
        PathNormaliser.Encode(normal).ShouldBe(encoded);
}
