using Limiter.Described.Problems;

namespace Limiter.Described.Traffic;

/// <summary>Calls about the requests that are limited.</summary>
public static class TrafficOperations
{
    private const string Tag = "traffic";

    public static Operation Check { get; } = new("POST", "/v1/check", Access.Gateway)
    {
        Name = "check",
        Tag = Tag,
        Summary = "Decide about a request and charge it.",
        Body = typeof(Check),
        Refuses = true,
        Answers = [new(200, "Allowed.", typeof(Allowed))],
    };

    public static Operation Charge { get; } = new("POST", "/v1/charge", Access.Gateway)
    {
        Name = "charge",
        Tag = Tag,
        Summary = "Correct an earlier check's cost, once; or commit a reservation, or give it back.",
        Body = typeof(Charge),
        Answers =
        [
            Answer.Done(typeof(Charged)),
            new(410, "The reservation's time is over: its cost was given back.", typeof(Problem))
            {
                MediaTypes = ["application/problem+json"],
            },
        ],
    };

    public static Operation Limits { get; } = new("GET", "/v1/limits", Access.Gateway)
    {
        Name = "limits",
        Tag = Tag,
        Summary = "What is left, without consuming.",
        ServesViewers = true,
        Query = typeof(LimitsQuery),
        Answers = [new(200, "What is left.", typeof(Left))],
    };

    public static Operation Explain { get; } = new("POST", "/v1/explain", Access.Gateway)
    {
        Name = "explain",
        Tag = Tag,
        Summary = "Which limits apply to a request, where their numbers come from, and when it would pass.",
        Body = typeof(Explain),
        Answers = [Answer.Done(typeof(Explanation))],
    };

    public static Operation Authorize { get; } = new(Operation.AnyMethod, "/v1/authorize/{**path}", Access.Door)
    {
        Name = "authorize",
        Tag = Tag,
        Summary = "A gateway's question about its client's request, told by headers or behind this prefix; any method.",
        Refuses = true,
        Answers = [new(200, "It may go on; the headers say what is left.")],
    };

    // The API's own clients call it: their credential is the policy's business, not the operator's.
    public static Operation Proxy { get; } = new(Operation.AnyMethod, "/proxy/{**path}", Access.Anyone)
    {
        Name = "proxy",
        Tag = Tag,
        Summary = "Check, then forward to the upstream; any method.",
        Refuses = true,
        Answers = [Answer.Anything("Whatever the upstream answers.")],
    };

    public static IEnumerable<Operation> All => [Check, Charge, Limits, Explain, Authorize, Proxy];
}
