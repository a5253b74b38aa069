using FsCheck;
using FsCheck.Fluent;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tests.Rows;

public sealed class StorageKeyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(8);

    // Few characters, so that different parts come close to making the same key.
    private static readonly Arbitrary<string[]> Parts = Arb.From(
        from parts in Gen.NonEmptyListOf(
            from units in Gen.ListOf(Gen.Elements(
                'a', 'B', '0', '0', '2', '1', '.', '-', '_', '!', '~', '"', '/', '\\', '#', '?', '%', '\'', ' ', '\0',
                '\u001f', '\u007f', '\u009f', 'é', '\ud83d', '\ude42', '\uffff'))
            select new string([.. units]))
        select parts.ToArray());

    [Fact]
    public void Other_parts_make_another_key() => Check.One(Thorough, Prop.ForAll(Parts, Parts, (one, other) =>
        one.SequenceEqual(other) == (StorageKey.Encode(one) == StorageKey.Encode(other))));

    [Fact]
    public void A_key_gives_its_parts_back() => Check.One(Thorough, Prop.ForAll(Parts, parts =>
        StorageKey.Decode(StorageKey.Encode(parts)).SequenceEqual(parts)));

    [Theory]
    [InlineData("a~")]
    [InlineData("a~00")]
    [InlineData("a~zzzz")]
    [InlineData("a~+021")]
    [InlineData("a~0061")]
    [InlineData("a/b")]
    [InlineData("é")]
    public void What_is_no_key_has_no_parts(string text) =>
        Should.Throw<FormatException>(() => StorageKey.Decode(text));

    [Fact]
    public void Every_key_comes_before_the_end_and_none_between_a_key_and_the_next() => Check.One(
        Thorough,
        Prop.ForAll(Parts, Parts, (one, other) =>
        {
            var (key, later) = (StorageKey.Encode(one), StorageKey.Encode(other));
            return string.CompareOrdinal(key, StorageKey.AfterAll) < 0
                && (string.CompareOrdinal(later, key) > 0
                    == string.CompareOrdinal(later, StorageKey.Next(key)) >= 0);
        }));

    [Fact]
    public void A_key_has_only_characters_that_table_storage_takes() => Check.One(Thorough, Prop.ForAll(Parts, parts =>
        StorageKey.Encode(parts).All(unit =>
            char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '-' or '!' or '~')));

    [Fact]
    public void A_range_holds_the_keys_below_its_start_and_no_others() => Check.One(Thorough, Prop.ForAll(
        Parts,
        Parts,
        (start, key) =>
        {
            var (first, end, encoded) = (StorageKey.Encode(start), StorageKey.End(StorageKey.Encode(start)),
                StorageKey.Encode(key));
            var within = string.CompareOrdinal(encoded, first) > 0 && string.CompareOrdinal(encoded, end) < 0;
            return within == (key.Length > start.Length && key.Take(start.Length).SequenceEqual(start));
        }));

    [Fact]
    public void Keys_of_names_sort_as_the_names_do()
    {
        string[] names = ["a", "a-1", "a.1", "a0", "aa", "a_1", "Z", "10", "9", "B", "b"];
        names.OrderBy(name => StorageKey.Encode("tenant", name), StringComparer.Ordinal)
            .ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_key_is_no_longer_than_table_storage_takes()
    {
        StorageKey.Encode(new string('a', StorageKey.LengthMax)).Length.ShouldBe(StorageKey.LengthMax);
        Should.Throw<ArgumentException>(() => StorageKey.Encode(new string('a', StorageKey.LengthMax + 1)));
        Should.Throw<ArgumentException>(() => StorageKey.Encode());
    }
}
