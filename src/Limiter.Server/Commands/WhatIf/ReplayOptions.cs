namespace Limiter.Server.Commands.WhatIf;

/// <summary>What a replay assumes, since a minute's row does not say when in the minute its checks came.</summary>
/// <param name="IsBurst">All of a minute's checks come at its start, at once; otherwise evenly over the minute.</param>
/// <param name="UsesPolicyCosts">
/// A check costs what the proposed policy says of its rule; otherwise what it cost on average when it was counted.
/// </param>
internal sealed record ReplayOptions(bool IsBurst, bool UsesPolicyCosts);
