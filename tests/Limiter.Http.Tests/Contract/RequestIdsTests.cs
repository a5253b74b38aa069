using Limiter.Http.Contract;

namespace Limiter.Http.Tests.Contract;

public sealed class RequestIdsTests
{
    [Fact]
    public void Ids_of_one_thread_and_of_two_are_drawn_once_each()
    {
        var (ids, others) = (new List<uint>(), new List<uint>());
        var other = new Thread(() => Draw(others));
        other.Start();
        Draw(ids);
        other.Join();

        // Of 2,000 random numbers of 32 bits two are alike in one run of 2,000, and three pairs practically never.
        Assert.True(ids.Union(others).Count() > 1_997);
    }

    private static void Draw(List<uint> ids)
    {
        for (var i = 0; i < 1_000; i++) ids.Add(RequestIds.Next());
    }
}
