using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class PathNormaliserLaws
{
    // Pieces that make trouble when they meet.
    private static readonly string[] Pieces =
    [
        "/", "//", ".", "..", "/./", "/../", "a", "B", "users", "auth", "%2F", "%2f", "%2e", "%2E%2E", "%41", "%25",
        "%", "%5C", "\\", "%00", "%7F", "?x=1", "#f", ";v=1", "%C3%A9", "é", "%C3", "%F0%9F%98%80", "😀", "\uD83D",
        " ", "%20", "%C0%AF", "%3F", "%23", "~", "*", "{id}", "25", "2F",
    ];

    // Short, so that most have a normal form.
    private static readonly Gen<string> Paths =
        Gen.Elements(Pieces).ListOf().Select(pieces => "/" + string.Concat(pieces.Take(8)));

    [Fact]
    public void Normalising_what_was_normalised_and_encoded_changes_nothing() =>
        Prop.ForAll(Paths.ToArbitrary(), raw =>
        {
            if (!PathNormaliser.TryNormalise(raw, out var normal, out _)) return true;
            return PathNormaliser.TryNormalise(PathNormaliser.Encode(normal), out var again, out _) && again == normal;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_normal_path_is_its_own_normal_form() =>
        Prop.ForAll(Paths.ToArbitrary(), raw =>
        {
            if (!PathNormaliser.TryNormalise(raw, out var normal, out _)) return true;
            // Decoding once is not repeatable where a decoded %, ? or # stands; Encode is for those.
            if (normal.AsSpan().IndexOfAny("%?#") >= 0) return true;
            return PathNormaliser.TryNormalise(normal, out var again, out _) && ReferenceEquals(again, normal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_normal_path_is_clean() =>
        Prop.ForAll(Paths.ToArbitrary(), raw =>
        {
            if (!PathNormaliser.TryNormalise(raw, out var normal, out _)) return true;
            var segments = normal.Split('/');
            return normal == "/" || (segments[0].Length == 0
                && segments.Skip(1).All(segment => segment.Length > 0 && segment is not ("." or ".."))
                && !normal.Any(char.IsControl) && !normal.Contains('\\'));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Both_forms_of_the_call_agree() =>
        Prop.ForAll(Paths.ToArbitrary(), raw =>
        {
            var found = PathNormaliser.TryNormalise(raw, out var normal, out var error);
            var also = PathNormaliser.TryNormalise(raw, new char[raw.Length], out var span, out var otherError);
            return found == also && error == otherError && span.SequenceEqual(normal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
}
