using Limiter.Domain;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>What one limit of the proposed policy would have denied of one tenant.</summary>
internal sealed class LimitedBy(string limit)
{
    private Instant _minute = Instant.MinValue;
    private long _inMinute;

    public string Limit { get; } = limit;

    /// <summary>Minutes in which it denied a check.</summary>
    public long Minutes { get; private set; }

    public long Checks { get; private set; }

    /// <summary>The minute in which it denied most, and how many.</summary>
    public (Instant Start, long Checks) Worst { get; private set; }

    /// <summary>Checks that a limit of this name denied in fact.</summary>
    public long DeniedThen { get; set; }

    /// <param name="minute">Never before the one of the call before.</param>
    public void Add(Instant minute)
    {
        if (minute != _minute) (_minute, _inMinute, Minutes) = (minute, 0, Minutes + 1);
        Checks++;
        if (++_inMinute > Worst.Checks) Worst = (minute, _inMinute);
    }
}
