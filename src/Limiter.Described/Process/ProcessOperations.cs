namespace Limiter.Described.Process;

/// <summary>Calls about the process itself, and the page.</summary>
public static class ProcessOperations
{
    private const string Tag = "process";
    private const string PageTag = "page";
    private const string ClockTag = "development";

    public static Operation Page { get; } = new("GET", "/", Access.Anyone)
    {
        Name = "page",
        Tag = PageTag,
        Summary = "The web page: a shell without data, which asks for a key.",
        Answers = [Answer.Text("A file of the page.", "text/html"), new(304, "The browser has it already.")],
    };

    public static Operation PageFile { get; } = new("GET", "/dashboard/{**path}", Access.Anyone)
    {
        Name = "pageFile",
        Tag = PageTag,
        Summary = "The web page and its files.",
        Answers =
        [
            new(200, "A file of the page.", typeof(string))
            {
                MediaTypes = ["text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"],
            },
            new(304, "The browser has it already."),
        ],
    };

    public static Operation Live { get; } = new("GET", "/healthz", Access.Anyone)
    {
        Name = "live",
        Tag = Tag,
        Summary = "The process answers.",
        Answers = [Answer.Text("It does.", "text/plain")],
    };

    public static Operation Ready { get; } = new("GET", "/readyz", Access.Anyone)
    {
        Name = "ready",
        Tag = Tag,
        Summary = "The directory answers and can be written; the policy in force.",
        Answers = [Answer.Done(typeof(Readiness))],
    };

    public static Operation Metrics { get; } = new("GET", "/metrics", Access.Admin)
    {
        Name = "metrics",
        Tag = Tag,
        Summary = "What is measured, as Prometheus reads it. For anyone where a setting says so.",
        Answers = [Answer.Text("The measurements.", "text/plain")],
    };

    public static Operation Description { get; } = new("GET", "/openapi/v1.json", Access.Anyone)
    {
        Name = "description",
        Tag = Tag,
        Summary = "This document.",
        Answers = [Answer.Done(typeof(object))],
    };

    public static Operation ReadClock { get; } = new("GET", "/dev/clock", Access.Anyone)
    {
        Name = "readClock",
        Tag = ClockTag,
        Summary = "The server's clock. In Development on loopback only.",
        Answers = [Answer.Done(typeof(ClockTime))],
    };

    public static Operation SetClock { get; } = new("PUT", "/dev/clock", Access.Anyone)
    {
        Name = "setClock",
        Tag = ClockTag,
        Summary = "Set or advance a manual clock. In Development on loopback only.",
        Body = typeof(Clock),
        Answers = [Answer.Done(typeof(ClockTime))],
    };

    public static IEnumerable<Operation> All =>
        [Page, PageFile, Live, Ready, Metrics, Description, ReadClock, SetClock];
}
