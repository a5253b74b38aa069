namespace Limiter.Simulation.Auditing;

public enum FindingKind
{
    /// <summary>More was admitted than the limit allows.</summary>
    OverLimit,

    /// <summary>More was admitted than the limit allows after what was charged besides.</summary>
    OverAfterCharge,

    /// <summary>An edge admitted more than it was granted.</summary>
    Ungranted,

    /// <summary>An admission is dated before or after the time at which it can have been.</summary>
    WrongTime,

    /// <summary>A denied request changed what is left.</summary>
    DenialChanged,

    /// <summary>A repeated request was counted again.</summary>
    CountedTwice,

    /// <summary>What was admitted without a bucket was not charged on recovery.</summary>
    OwedNotCharged,

    /// <summary>More was charged on recovery than was admitted without a bucket.</summary>
    OwedOvercharged,

    /// <summary>Unspent tokens did not come back.</summary>
    NotBack,

    /// <summary>The usage that was rolled up differs from the admissions.</summary>
    WrongUsage,
}
