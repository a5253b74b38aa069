using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>
/// One line of a minute as checks: how many, when, and at which cost each. The checks that were denied then count too:
/// they were asked for. Those that were refused as they stood are not.
/// </summary>
internal sealed class ReplayedChecks
{
    private const long MinuteMs = 60_000;

    private readonly Instant _minute;
    private readonly ReplayOptions _options;
    private readonly Int128 _cost;

    public ReplayedChecks(Instant minute, UsageLine line, EndpointRule rule, ReplayOptions options)
    {
        (_minute, _options, Rule, Key) = (minute, options, rule, line.Subject.Key);
        Count = line.Counts.Allowed + line.Counts.Denied;
        // A denied check's cost was not counted: it is taken for the average of those that passed.
        var average = line.Counts.Allowed > 0 && line.Counts.Cost > 0
            ? Ceiling.Divide(line.Counts.Cost, line.Counts.Allowed)
            : rule.Cost;
        _cost = Math.Max(0, line.Counts.Cost) + (Int128)line.Counts.Denied * average;
    }

    public EndpointRule Rule { get; }

    /// <summary>The key's name; empty for none.</summary>
    public string Key { get; }

    public long Count { get; }

    /// <summary>When the check of an index comes.</summary>
    public Instant At(long index) => _options.IsBurst
        ? _minute
        : _minute + (long)((2 * (Int128)index + 1) * MinuteMs / (2 * (Int128)Count));

    /// <summary>What it costs; at least 1. The costs of all sum up to what was counted.</summary>
    public long CostOf(long index) => _options.UsesPolicyCosts
        ? Rule.Cost
        : Math.Max(1, (long)((index + 1) * _cost / Count - index * _cost / Count));
}
