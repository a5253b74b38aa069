namespace Limiter.Described.Usage;

/// <summary>Calls about what was used.</summary>
public static class UsageOperations
{
    private const string Tag = "usage";

    public static Operation Usage { get; } = new("GET", "/v1/usage/{tenant}", Access.Admin)
    {
        Name = "usage",
        Tag = Tag,
        Summary = "What a tenant used, by time, endpoint or key.",
        ServesViewers = true,
        Query = typeof(UsageQuery),
        Answers =
        [
            new(200, "Done; with Accept: text/csv the items as CSV, the next page in Link.", typeof(UsageOfTenant))
            {
                MediaTypes = ["application/json", "text/csv"],
            },
        ],
    };

    public static Operation Overview { get; } = new("GET", "/v1/overview", Access.Admin)
    {
        Name = "overview",
        Tag = Tag,
        Summary = "Who sends how much now, and who is near or over a limit.",
        Query = typeof(OverviewQuery),
        Answers = [Answer.Done(typeof(Overview))],
    };

    public static Operation Live { get; } = new("GET", "/v1/live", Access.Admin)
    {
        Name = "liveDecisions",
        Tag = Tag,
        Summary = "Decisions of this process, second by second.",
        Query = typeof(LiveQuery),
        Answers =
        [
            new(200, "A line of JSON each second.", typeof(LiveSecond)) { MediaTypes = ["application/x-ndjson"] },
        ],
    };

    public static IEnumerable<Operation> All => [Usage, Overview, Live];
}
