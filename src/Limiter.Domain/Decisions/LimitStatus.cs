using System.Runtime.InteropServices;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Decisions;

/// <summary>One limit as a decision left it.</summary>
/// <param name="Limit">The limit; never one without a number.</param>
/// <param name="Number">The number in force.</param>
/// <param name="Remaining">Tokens left, at least 0.</param>
/// <param name="ResetsAt">
/// The window's end, or the time by which everything would be free again without traffic.
/// </param>
/// <param name="Violated">Whether it lacked tokens: of a shadow limit no reason to deny, of others one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LimitStatus(
    LimitDefinition Limit, long Number, long Remaining, Instant ResetsAt, bool Violated)
{
    /// <summary>Whether it denied the request.</summary>
    public bool Denies => Violated && !Limit.IsShadow;

    /// <summary>Whether it would have denied the request if it were not a shadow.</summary>
    public bool WouldDeny => Violated && Limit.IsShadow;
}
