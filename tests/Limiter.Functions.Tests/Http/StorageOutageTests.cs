using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Limiter.Azurite;
using Limiter.Domain.Buckets;
using Limiter.Engine.Clocks;
using Limiter.Functions.Entities;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Functions.Tests.Kit;
using Limiter.Tables;

namespace Limiter.Functions.Tests.Http;

/// <summary>
/// The whole app over HTTP while its storage account is away: the directory in an emulator that is stopped, and the
/// entities with it. The clock of decisions stands, so a lease lasts until the test lets it end; waits are real.
/// </summary>
public sealed class StorageOutageTests : IAsyncLifetime
{
    private const int Number = 200;

    // A check waits for two seconds at most; the rest is for a machine that is busy with other tests.
    private static readonly TimeSpan BoundedWait = DurableBuckets.WaitMax + TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new(Edges.Start);
    private readonly AzuriteServer _azurite = new();
    private readonly Dictionary<string, int> _admitted = [];
    private FunctionHost? _host;
    private HttpClient? _client;

    private FunctionHost Host => _host!;

    public async ValueTask InitializeAsync() => await _azurite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("open")]
    public async Task A_stopped_account_costs_nothing_but_what_the_policy_says(string whenUnreachable)
    {
        await StartAsync(whenUnreachable, "warm", "known", "cold");
        for (var i = 0; i < 20; i++) (await CheckAsync("warm")).Status.ShouldBe(HttpStatusCode.OK);
        await CheckAsync("known");
        await QuietAsync();

        await _azurite.StopAsync();
        Host.Entities.IsDown = true;
        for (var i = 0; i < 3; i++) (await CheckAsync("warm")).Mode.ShouldBe("leased");
        // Of a caller that cannot be looked up nothing is known, so no policy admits it.
        await ShouldBeRefusedAsync("cold");
        await ShouldFollowAsync(whenUnreachable, "known");
        var before = Host.Entities.Refused;
        var flood = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(i => CheckAsync(i % 3 == 0 ? "cold" : "known")));
        flood.Elapsed.ShouldBeLessThan(BoundedWait);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.ServiceUnavailable
            || (whenUnreachable == "open" && answer.Mode == "degraded"));
        // One probe in each second, whoever asks.
        (Host.Entities.Refused - before).ShouldBeLessThanOrEqualTo(1 + (long)flood.Elapsed.TotalSeconds);
        Host.Edge.Checker.IsAsking.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await ShouldFollowAsync(whenUnreachable, "warm");

        await _azurite.StartAsync();
        Host.Entities.IsDown = false;
        await UntilReachedAsync();
        (await CheckAsync("warm")).Mode.ShouldBe("exact");
        await UntilAsync(async () => (await CheckAsync("cold")).Mode == "exact");
        (await _client!.GetStringAsync("/v1/tenants")).ShouldContain("\"known\"");
        await ShouldBeSpentExactlyAsync("warm");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ShouldLeaseAndSettleAsync("cold");
    }

    [Fact]
    public async Task A_frozen_account_is_waited_for_within_bounds_and_then_not_at_all()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot be frozen there.");
        await StartAsync("closed", "warm", "known", "cold");
        for (var i = 0; i < 20; i++) (await CheckAsync("warm")).Status.ShouldBe(HttpStatusCode.OK);
        await CheckAsync("known");
        await QuietAsync();

        await _azurite.FreezeAsync();
        Host.Entities.IsSilent = true;
        (await CheckAsync("warm")).Mode.ShouldBe("leased");
        var waited = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(i => CheckAsync(i % 3 == 0 ? "cold" : "known")));
        waited.Elapsed.ShouldBeInRange(DurableBuckets.WaitMax * 0.9, BoundedWait);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        // All of them waited for one signal; a probe may have followed.
        Host.Entities.Refused.ShouldBeLessThanOrEqualTo(1 + (long)waited.Elapsed.TotalSeconds);
        // The outage is known: of many checks one a second tries, and the others do not wait for it.
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            waited.Restart();
            await ShouldBeRefusedAsync(i % 2 == 0 ? "known" : "cold");
            if (waited.Elapsed < quickest) quickest = waited.Elapsed;
        }
        quickest.ShouldBeLessThan(DurableBuckets.WaitMax / 2);
        (await CheckAsync("warm")).Mode.ShouldBe("leased");

        await _azurite.ThawAsync();
        Host.Entities.IsSilent = false;
        await UntilReachedAsync();
        await UntilAsync(async () => (await CheckAsync("cold")).Status == HttpStatusCode.OK);
        await ShouldBeSpentExactlyAsync("warm");
    }

    private async Task StartAsync(string whenUnreachable, params string[] tenants)
    {
        var settings = new EdgeSettings
        {
            Policy = Policies.Minute(Number, whenUnreachable),
            Tables = _azurite.ConnectionString,
            GatewayKey = "gateway",
            AdminKey = "admin",
        };
        var store = TablesStore.Open(_azurite.ConnectionString, new TablesStoreOptions(), TimeProvider.System);
        _host = await FunctionHost.StartAsync(settings, store.Directory, _clock, Delivery.Prompt);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Host.Address };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "admin");
        foreach (var tenant in tenants)
            (await _client.PutAsJsonAsync($"/v1/tenants/{tenant}", new { plan = "basic" })).EnsureSuccessStatusCode();
    }

    private async Task<(HttpStatusCode Status, string? Mode, TimeSpan? RetryAfter)> CheckAsync(string tenant)
    {
        var check = new { tenant, method = "GET", path = "/things" };
        using var answer = await _client!.PostAsJsonAsync("/v1/check", check);
        var mode = (string?)null;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            lock (_admitted) _admitted[tenant] = _admitted.GetValueOrDefault(tenant) + 1;
            mode = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("mode").GetString();
        }
        return (answer.StatusCode, mode, answer.Headers.RetryAfter?.Delta);
    }

    private async Task ShouldBeRefusedAsync(string tenant)
    {
        var waited = Stopwatch.StartNew();
        var (status, _, retryAfter) = await CheckAsync(tenant);
        waited.Elapsed.ShouldBeLessThan(BoundedWait);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        retryAfter.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    private async Task ShouldFollowAsync(string whenUnreachable, string tenant)
    {
        if (whenUnreachable == "closed") await ShouldBeRefusedAsync(tenant);
        else (await CheckAsync(tenant)).Mode.ShouldBe("degraded");
    }

    // Whatever was admitted before, from a lease, by the bucket or on the policy's word, counts: neither more than the
    // number passes, nor is a token of it lost.
    private async Task ShouldBeSpentExactlyAsync(string tenant)
    {
        while ((await CheckAsync(tenant)).Status == HttpStatusCode.OK)
            _admitted[tenant].ShouldBeLessThanOrEqualTo(Number);
        _admitted[tenant].ShouldBe(Number);
    }

    private async Task ShouldLeaseAndSettleAsync(string tenant)
    {
        _admitted.Clear();
        await UntilAsync(async () => (await CheckAsync(tenant)).Mode == "leased");
        await Host.DisposeAsync();
        var (_, stored) = Host.Entities.States().Single(one => one.Key.Contains(tenant, StringComparison.Ordinal));
        var left = Bucket.Reserve(
            BucketCodec.Decode(JsonSerializer.Deserialize<BucketEntityState>(stored)!.Bucket!),
            Asks.Reserve(99, 1, 1, Asks.Ten) with { Wants = [] },
            Domain.Instant.From(_clock.GetUtcNow())).Reply;
        left.Limits[1].Outlook.Free.ShouldBe(Number - _admitted[tenant]);
    }

    // By looking: an open policy admits every check, however often a test polls.
    private Task UntilReachedAsync()
    {
        var operations = Host.Entities.Operations;
        return UntilAsync(async () =>
        {
            using var answer = await _client!.GetAsync("/v1/limits?tenant=known");
            return Host.Entities.Operations > operations;
        });
    }

    private async Task QuietAsync()
    {
        while (Host.Edge.Checker.IsAsking) await Task.Yield();
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo()) waited.Elapsed.ShouldBeLessThan(Patience);
    }
}
