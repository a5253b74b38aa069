using Limiter.Domain.Escrow;

namespace Limiter.Engine.Remotes;

/// <summary>How outcomes are named between processes. Part of the surface: never rename.</summary>
public static class RemoteWords
{
    public static string Of(RemoteFailure failure) => failure switch
    {
        RemoteFailure.InvalidRequest => "invalid_request",
        RemoteFailure.UnknownBucket => "unknown_bucket",
        RemoteFailure.PolicyBehind => "policy_behind",
        RemoteFailure.Damaged => "damaged",
        RemoteFailure.Unreachable => "unreachable",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "No failure has no name."),
    };

    /// <summary>A word that a newer process says counts as unreachable.</summary>
    public static RemoteFailure FailureOf(string? word) => word switch
    {
        "invalid_request" => RemoteFailure.InvalidRequest,
        "unknown_bucket" => RemoteFailure.UnknownBucket,
        "policy_behind" => RemoteFailure.PolicyBehind,
        "damaged" => RemoteFailure.Damaged,
        _ => RemoteFailure.Unreachable,
    };

    public static string Of(ChargeOutcome outcome) => outcome switch
    {
        ChargeOutcome.Applied => "applied",
        ChargeOutcome.Repeated => "repeated",
        ChargeOutcome.Conflict => "conflict",
        ChargeOutcome.Expired => "expired",
        ChargeOutcome.Full => "full",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "It has no name."),
    };

    public static ChargeOutcome? OutcomeOf(string? word) => word switch
    {
        "applied" => ChargeOutcome.Applied,
        "repeated" => ChargeOutcome.Repeated,
        "conflict" => ChargeOutcome.Conflict,
        "expired" => ChargeOutcome.Expired,
        "full" => ChargeOutcome.Full,
        _ => null,
    };
}
