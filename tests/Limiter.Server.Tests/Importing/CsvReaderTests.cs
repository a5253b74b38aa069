using Limiter.Server.Commands.Importing;

namespace Limiter.Server.Tests.Importing;

public sealed class CsvReaderTests
{
    [Fact]
    public async Task Fields_lines_and_quotes_are_those_of_RFC_4180()
    {
        var records = await ReadAsync("a,b,c\r\n1,,\"x, \"\"y\"\"\nz\"\r\n\r\n\n 2 ,3,4");
        records.Select(record => record.Line).ShouldBe([1L, 2, 6]);
        records[1].Fields.ShouldBe(["1", "", "x, \"y\"\nz"]);
        records[2].Fields.ShouldBe([" 2 ", "3", "4"]);
        records.ShouldAllBe(record => record.Error == null);
    }

    [Theory]
    [InlineData("a\n\"b\"c,d\ne", "goes on after its quote")]
    [InlineData("a\nb\"c\ne", "in the middle of a field")]
    [InlineData("a\n\"b\ne", "does not end")]
    public async Task A_record_that_is_wrong_says_so(string text, string told)
    {
        var records = await ReadAsync(text);
        records[1].Error!.ShouldContain(told);
        records[1].Line.ShouldBe(2);
        if (!told.StartsWith("does not")) records[2].Fields.ShouldBe(["e"]);
    }

    [Fact]
    public async Task A_record_is_bounded_and_the_next_is_read()
    {
        var wide = string.Join(',', Enumerable.Repeat("x", CsvReader.FieldsMax + 1));
        var records = await ReadAsync($"{new string('x', CsvReader.RecordCharsMax + 1)}\n{wide}\nlast");
        records[0].Error!.ShouldContain("longer than");
        records[1].Error!.ShouldContain("more than 64 fields");
        records[2].Fields.ShouldBe(["last"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_written_is_read_whatever_it_is(int seed)
    {
        var random = new Random(seed);
        const string letters = "ab,\"\r\n é😀";
        for (var round = 0; round < 300; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Enumerable.Range(0, random.Next(2, 5))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 6))
                    .Select(_ => letters[random.Next(letters.Length)]))).ToArray()).ToArray();
            var text = string.Concat(rows.Select(row =>
                string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"")}\""))
                + (random.Next(2) == 0 ? "\n" : "\r\n")));
            var read = await ReadAsync(text);
            read.Select(record => record.Fields).ShouldBe(rows, $"seed {seed}, round {round}: {text}");
        }
    }

    private static async Task<List<CsvRecord>> ReadAsync(string text)
    {
        var (reader, records) = (new CsvReader(new StringReader(text)), new List<CsvRecord>());
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } record) records.Add(record);
        return records;
    }
}
