using System.Text.RegularExpressions;

namespace Limiter.Tidy.Tests;

public sealed class FileTests
{
    private const int ColumnsMax = 120;
    private const int SourceLinesMax = 200;
    private const int TestLinesMax = 250;

    /// <summary>Longest declaration that may keep another type company in that type's file, in lines.</summary>
    private const int CompanionLinesMax = 40;

    // The classes in brackets keep these lines from matching themselves.
    private static readonly Regex Unfinished = new(@"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b|NotImplemented[E]xception");
    private static readonly Regex RoomForAnything = new("(Util|Utils|Helper|Helpers|Common|Manager|Base)$");

    private static readonly IReadOnlyList<SourceFile> Shipped = [.. Repository.Sources("src")];
    private static readonly IReadOnlyList<SourceFile> Tests = [.. Repository.Sources("tests")];

    private static IEnumerable<SourceFile> All => Shipped.Concat(Tests);

    [Fact]
    public void A_file_is_short() =>
        Shipped.Where(file => file.Lines.Count > SourceLinesMax)
            .Concat(Tests.Where(file => file.Lines.Count > TestLinesMax))
            .Select(file => $"{file.Path}:{file.Lines.Count}: the file's last line")
            .ShouldBeNone($"At most {SourceLinesMax} lines a file in src, {TestLinesMax} in tests:");

    [Fact]
    public void A_line_fits_the_width() =>
        (from file in All
         from line in file.Lines.Index()
         where line.Item.Length > ColumnsMax
         select $"{file.Path}:{line.Index + 1}: {line.Item.Length} columns")
        .ShouldBeNone($"At most {ColumnsMax} columns a line:");

    [Fact]
    public void Nothing_is_left_unfinished() =>
        (from file in All
         from line in file.Lines.Index()
         where Unfinished.IsMatch(line.Item)
         select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}")
        .ShouldBeNone("What is not done is an issue, not a mark in the code:");

    [Fact]
    public void Nothing_sleeps() =>
        All.SelectMany(file => file.Find(new Regex(@"\bThread\s*\.\s*(Sleep|SpinWait)\b")))
            .ShouldBeNone("Wait on an event, or on a TimeProvider:");

    // A delay on a manual clock ends when the test moves the clock.
    [Fact]
    public void No_test_waits_for_the_real_clock() =>
        Tests.SelectMany(file => file.Find(new Regex(@"\bTask\s*\.\s*Delay\b(?![^;]*,\s*_?(clock|timeProvider)\b)")))
            .ShouldBeNone("A test waits for an event or moves a manual clock:");

    [Fact]
    public void A_file_is_named_for_a_type_in_it() =>
        (from file in Shipped
         let types = file.TopLevelTypes().ToArray()
         where types.Length > 0 && file.Name != "Program.cs"
         where types.All(type => type.Name != file.Name.Split('.', '{')[0])
         select $"{file.Path}:{types[0].Line}: {string.Join(", ", types.Select(type => type.Name))}")
        .ShouldBeNone("A type is found by its file's name:");

    [Fact]
    public void A_file_holds_one_type_and_its_small_companions() =>
        (from file in Shipped
         from type in file.TopLevelTypes().OrderByDescending(type => type.Length).Skip(1)
         where type.Length > CompanionLinesMax
         select $"{file.Path}:{type.Line}: {type.Name} has {type.Length} lines")
        .ShouldBeNone($"Besides the file's main type, none above {CompanionLinesMax} lines: it earns its own file:");

    [Fact]
    public void No_type_is_a_room_for_anything() =>
        (from file in All
         from type in file.TopLevelTypes()
         where RoomForAnything.IsMatch(type.Name)
         select $"{file.Path}:{type.Line}: {type.Name}")
        .ShouldBeNone("Name a type for what it does:");

    [Fact]
    public void No_folder_is_a_room_for_anything() =>
        (from file in All
         from folder in file.Path.Split('/')[..^1]
         where RoomForAnything.IsMatch(folder)
         select $"{file.Path}:1: {folder}")
        .ShouldBeNone("Name a folder for the feature in it:");
}
