using Limiter.Engine.Clocks;
using Limiter.Sqlite.Writing;

namespace Limiter.Sqlite.Tests;

public sealed class CommitPaceTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly CommitPace _pace;

    public CommitPaceTests() => _pace = new CommitPace(TimeSpan.FromMilliseconds(2), _clock);

    [Fact]
    public void The_first_batch_waits_for_nothing() => _pace.Left.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void After_a_batch_that_several_shared_the_next_waits_for_the_rest_of_the_pace()
    {
        _pace.Begin(2);
        _pace.Left.ShouldBe(TimeSpan.FromMilliseconds(2));
        _clock.Advance(TimeSpan.FromMilliseconds(1.5));
        _pace.Left.ShouldBe(TimeSpan.FromMilliseconds(0.5));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _pace.Left.ShouldBeLessThan(TimeSpan.Zero);
    }

    [Fact]
    public void After_a_request_that_came_alone_the_next_waits_for_nothing()
    {
        _pace.Begin(2);
        _pace.Begin(1);
        _pace.Left.ShouldBe(TimeSpan.Zero);
        _pace.Begin(0);
        _pace.Left.ShouldBe(TimeSpan.Zero);
    }
}
