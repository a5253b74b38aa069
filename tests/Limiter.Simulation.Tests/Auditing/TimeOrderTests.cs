using Limiter.Domain;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class TimeOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(1_000)]
    public void What_is_told_by_so_much_late_comes_in_the_order_of_time_then_of_telling(int lateMs)
    {
        var dice = new Random(7);
        for (var count = 0; count < 200; count++)
        {
            var told = Enumerable.Range(0, count)
                .Select(number => (At: new Instant((number / 2) - dice.Next(lateMs + 1)), Number: number))
                .ToArray();
            var ordered = told.OrderBy(item => item.At).ToArray();

            TimeOrder.Restore<(Instant At, int Number)>(told, item => item.At);

            told.ShouldBe(ordered);
        }
    }
}
