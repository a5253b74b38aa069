using System.Text;
using Limiter.Http.Alerts;

namespace Limiter.Http.Tests.Alerts;

public sealed class FileLinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("limiter-");

    private string File => Path.Combine(_folder.FullName, "alerts.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Lines_are_appended_whole_whoever_writes_at_once()
    {
        var lines = new FileLines(File);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => WriteAsync(lines, $$"""{"n":{{i}}}""")));
        (await System.IO.File.ReadAllLinesAsync(File)).ShouldBe(
            Enumerable.Range(0, 50).Select(i => $$"""{"n":{{i}}}"""), ignoreOrder: true);
    }

    [Fact]
    public async Task A_file_that_has_grown_makes_room_and_the_last_one_goes()
    {
        var lines = new FileLines(File, bytesMax: 20);
        for (var i = 0; i < 20; i++) await WriteAsync(lines, $"line {i:D2}.");
        var kept = _folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        kept.Select(file => file.Name).ShouldBe(
            ["alerts.jsonl", "alerts.jsonl.1", "alerts.jsonl.2", "alerts.jsonl.3", "alerts.jsonl.4"]);
        kept.ShouldAllBe(file => file.Length <= 20);
        (await System.IO.File.ReadAllLinesAsync(File)).ShouldBe(["line 18.", "line 19."]);
        (await System.IO.File.ReadAllLinesAsync(File + ".4")).ShouldBe(["line 10.", "line 11."]);
    }

    private static Task WriteAsync(FileLines lines, string text) =>
        lines.WriteAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
}
