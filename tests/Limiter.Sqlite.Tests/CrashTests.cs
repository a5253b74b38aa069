using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Sqlite.Tests;

/// <summary>A process that dies is a store that is never disposed: what it answered must be in the file.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_granted_before_a_crash_is_not_granted_again()
    {
        const int limit = 100;
        var granted = 0L;
        var abandoned = new List<SqliteStore>();
        for (var process = 1; process <= 5; process++)
        {
            var store = _folder.Open(_clock);
            abandoned.Add(store);
            for (var number = 1; number <= 30; number++)
                granted += await store.Buckets.GrantedAsync("acme", (ulong)process, number, limit);
        }
        granted.ShouldBe(limit);
        foreach (var store in abandoned) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_is_repeated_after_a_crash_counts_once()
    {
        var first = _folder.Open(_clock);
        var reply = await first.Buckets.ReserveAsync("acme", 1, 1, 10, 6);
        await using var second = _folder.Open(_clock);
        var again = await second.Buckets.ReserveAsync("acme", 1, 1, 10, 6);
        again.Opened.ShouldBe(reply.Opened);
        again.Limits[1].Granted.ShouldBe(6);
        (await second.Buckets.GrantedAsync("acme", 2, 1, 10, 4)).ShouldBe(4);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Tenants_keys_the_generation_and_the_signing_key_outlive_a_crash()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var first = _folder.Open(_clock);
        var saved = await first.Directory.SaveTenantAsync(Records.Tenant("acme"), null, cancellation);
        (await first.Directory.AddKeyAsync(Records.Key("acme", "k1"), null, cancellation)).ShouldBe(KeyAddition.Added);
        var generation = await first.Directory.PolicyGenerationAsync(new byte[32], cancellation);
        var signing = await first.Directory.SigningKeyAsync(cancellation);

        await using var second = _folder.Open(_clock);
        (await second.Directory.FindTenantAsync(saved!.Id, cancellation))!.Version.ShouldBe(saved.Version);
        (await second.Directory.FindCredentialAsync(Records.Key("acme", "k1").Hash, cancellation)).ShouldNotBeNull();
        (await second.Directory.PolicyGenerationAsync(new byte[32], cancellation)).ShouldBe(generation);
        (await second.Directory.SigningKeyAsync(cancellation)).ToArray().ShouldBe(signing.ToArray());
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Closing_answers_what_waits()
    {
        var store = _folder.Open(_clock);
        var asked = Enumerable.Range(0, 200)
            .Select(i => store.Buckets.GrantedAsync($"t{i}", 1, 1, 10)).ToArray();
        await store.DisposeAsync();
        (await Task.WhenAll(asked)).ShouldAllBe(granted => granted == 1);
        (await Should.ThrowAsync<BucketsUnavailableException>(() => store.Buckets.GrantedAsync("acme", 1, 1, 10)))
            .Message.ShouldContain("closed");
        (await Should.ThrowAsync<StoreUnavailableException>(async () =>
            await store.Directory.FindTenantAsync(default, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("closed");
    }
}
