namespace Limiter.Domain.Policies;

/// <summary>What a limit is counted per. An anonymous caller's every partition is its address.</summary>
public enum Partition
{
    Tenant = 0,
    Key = 1,

    /// <summary>A client address of the tenant; IPv6 by its /64.</summary>
    Ip = 2,
}
