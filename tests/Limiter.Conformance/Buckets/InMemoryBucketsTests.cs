using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

public sealed class InMemoryBucketsTests : DayChargesConformance
{
    public InMemoryBucketsTests() => Buckets = new InMemoryBuckets(Clock);

    protected override IBuckets Buckets { get; }

    [Fact]
    public async Task When_it_is_full_a_further_bucket_is_refused_until_one_is_at_rest()
    {
        var buckets = new InMemoryBuckets(Clock, bucketsMax: 2);
        await ReserveAsync(buckets, "a");
        await ReserveAsync(buckets, "b");
        await Should.ThrowAsync<BucketsUnavailableException>(async () => await ReserveAsync(buckets, "c"));
        Clock.Advance(TimeSpan.FromDays(3));
        await ReserveAsync(buckets, "c");
        buckets.Count.ShouldBeLessThanOrEqualTo(2);
    }

    private static async Task ReserveAsync(InMemoryBuckets buckets, string tenant) => await buckets.ReserveAsync(
        Requests.BucketOf(tenant),
        Requests.Reserve(1, 1, Requests.PerFixedMinute(10), 1),
        TestContext.Current.CancellationToken);
}
