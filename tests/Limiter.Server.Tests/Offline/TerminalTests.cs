using Limiter.Engine.Clocks;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Tests.Offline;

public sealed class TerminalTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right()
    {
        var table = new Table("name", "#left", "end");
        table.Add("a", "5", "x");
        table.Add("longer", "1000", "");
        table.Lines(hasColours: false).ShouldBe(["name    left  end", "a          5  x", "longer  1000"]);
    }

    [Fact]
    public void What_others_wrote_moves_no_cursor_and_turns_no_text()
    {
        var table = new Table("reason");
        table.Add(Tone.Bad, "\e[2Jx\r\ny\u202ez\u0085");
        table.Lines(hasColours: false).Last().ShouldBe("?[2Jx??y?z?");
        table.Lines(hasColours: true).Last().ShouldBe("\e[31m?[2Jx??y?z?\e[0m");
    }

    [Fact]
    public async Task Colours_are_for_a_terminal_without_NO_COLOR()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server);
        string[] check = ["check", "GET", "/", "--tenant", "acme"];
        (await cli.RunAsync(check)).Out.ShouldNotContain("\e");
        (await cli.At(terminal: true).RunAsync(check)).Out.ShouldContain("\e[32m");
        (await cli.At(terminal: true).With("NO_COLOR", "1").RunAsync(check)).Out.ShouldNotContain("\e");
        (await cli.At(terminal: true).RunAsync([.. check, "--json"])).Out.ShouldNotContain("\e");
    }

    [Theory]
    [InlineData(true, 4, "\r1\r2\r3\r4")]
    [InlineData(false, 4, "")]
    [InlineData(false, 100, "40\n80\n")]
    public void Progress_is_told_now_and_then(bool isTerminal, int steps, string told)
    {
        var (clock, errors) = (new ManualClock(Start), new StringWriter());
        var progress = new Progress(
            new Screen(TextWriter.Null, errors, TextReader.Null) { ErrorIsTerminal = isTerminal }, clock);
        for (var step = 1; step <= steps; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            var now = step;
            progress.Tell(_ => now.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        errors.ToString().ShouldBe(told);
        progress.Clear();
        errors.ToString().ShouldBe(isTerminal ? told + "\r \r" : told);
    }
}
