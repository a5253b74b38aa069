using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>The terms as a bucket stores them.</summary>
internal static class TermsCodec
{
    // Beside the algorithm, so that terms without a shadow limit are as they always were.
    private const int Shadow = 4;

    public static void Write(ref StateWriter writer, Terms terms)
    {
        writer.Write(terms.Version.Policy);
        writer.Write(terms.Version.Tenant);
        writer.Write(terms.Limits.Length);
        foreach (var limit in terms.Limits)
        {
            var (rule, schedule) = limit;
            writer.WriteText(rule.Id.Name);
            writer.Write((int)rule.Algorithm | (limit.IsShadow ? Shadow : 0));
            writer.Write(rule.WindowMs);
            writer.Write((int)rule.Period);
            writer.Write(rule.SlotMs);
            writer.Write(rule.RefillPercent);
            writer.Write(schedule.Steps.Length);
            foreach (var step in schedule.Steps)
            {
                writer.Write(step.Until == Instant.Never ? 0 : step.Until.UnixMilliseconds + 1);
                writer.WriteNumber(step.Number);
            }
        }
    }

    public static Terms Read(ref StateReader reader)
    {
        var version = new TermsVersion(reader.Read(), reader.Read());
        var limits = ImmutableArray.CreateBuilder<LimitTerms>();
        for (var count = reader.ReadCount(Terms.LimitsMax); count > 0; count--)
        {
            var id = LimitId.Stored(reader.ReadText());
            var algorithm = reader.ReadCount((int)Algorithm.TokenBucket | Shadow);
            var rule = new LimitRule(
                id, (Algorithm)(algorithm & ~Shadow), reader.Read(),
                (CalendarPeriod)reader.ReadCount((int)CalendarPeriod.Month), reader.Read(),
                reader.ReadCount(LimitRule.RefillPercentMax));
            if (!IsPossible(rule)) throw new BucketFormatException($"The stored rule of limit '{rule.Id}' is damaged.");
            limits.Add(new LimitTerms(rule, ReadSchedule(ref reader)) { IsShadow = (algorithm & Shadow) != 0 });
        }
        return new Terms(version, limits.DrainToImmutable());
    }

    // Windows, slots and rates are divided by.
    private static bool IsPossible(LimitRule rule) => rule.Algorithm switch
    {
        Algorithm.CalendarQuota => true,
        Algorithm.TokenBucket => rule.RefillPercent > 0
            && rule.WindowMs is >= LimitRule.WindowMsMin and <= LimitRule.TokenBucketWindowMsMax,
        Algorithm.SlidingWindow when rule.SlotMs < 1 || rule.SlotMs > rule.WindowMs / LimitRule.SlotsPerWindow => false,
        _ => rule.WindowMs is >= LimitRule.WindowMsMin and <= LimitRule.WindowMsMax,
    };

    private static Schedule ReadSchedule(ref StateReader reader)
    {
        var steps = new Schedule.Step[reader.ReadCount(Schedule.StepsMax)];
        for (var i = 0; i < steps.Length; i++)
        {
            var until = reader.Read();
            steps[i] = new Schedule.Step(until == 0 ? Instant.Never : new Instant(until - 1), reader.ReadNumber());
        }
        return Schedule.Of(steps);
    }
}
