using System.Collections.Immutable;
using System.Globalization;

namespace Limiter.Domain.Policies;

/// <summary>
/// A limit's number over time: an adjustment holds until its end and then ends by itself, so the number is a short
/// list of steps. The number in force at a time is that of the first step whose end lies after it.
/// </summary>
public sealed class Schedule : IEquatable<Schedule>
{
    /// <summary>No number: the limit counts and never refuses.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>The greatest number that a limit can have.</summary>
    public const long NumberMax = 1_000_000_000;

    public const int StepsMax = 4;

    public static readonly Schedule AlwaysUnlimited = Constant(Unlimited);

    private readonly ImmutableArray<Step> _steps;

    private Schedule(ImmutableArray<Step> steps) => _steps = steps;

    /// <summary>One number until a time. The last step of a schedule ends at <see cref="Instant.Never"/>.</summary>
    public readonly record struct Step(Instant Until, long Number);

    public ImmutableArray<Step> Steps => _steps;

    public static Schedule Constant(long number) => new([new Step(Instant.Never, number)]);

    /// <summary>1 to <see cref="StepsMax"/> steps, ends rising, the last <see cref="Instant.Never"/>.</summary>
    public static Schedule Of(params ReadOnlySpan<Step> steps)
    {
        if (steps.Length is 0 or > StepsMax || steps[^1].Until != Instant.Never)
            throw new ArgumentException("A schedule has 1 to 4 steps and its last never ends.", nameof(steps));
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Number is < 0 or (> NumberMax and < Unlimited))
                throw new ArgumentException("A number is 0 to 1,000,000,000 or unlimited.", nameof(steps));
            if (i > 0 && steps[i].Until <= steps[i - 1].Until)
                throw new ArgumentException("The ends of a schedule's steps rise.", nameof(steps));
        }
        return new Schedule([.. steps]);
    }

    public long At(Instant now) => StepAt(now).Number;

    /// <summary>The step in force at <paramref name="now"/>.</summary>
    public Step StepAt(Instant now)
    {
        foreach (var step in _steps)
            if (now < step.Until) return step;
        return _steps[^1];
    }

    public bool Equals(Schedule? other) => other is not null && _steps.AsSpan().SequenceEqual(other._steps.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Schedule);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var step in _steps) hash.Add(step);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", _steps.Select(step =>
        (step.Number == Unlimited ? "unlimited" : step.Number.ToString(CultureInfo.InvariantCulture))
        + (step.Until == Instant.Never ? "" : $" until {step.Until}")));
}
