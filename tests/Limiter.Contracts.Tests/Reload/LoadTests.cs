using System.Collections.Concurrent;
using Limiter.Contracts.Tests.Running;
using Limiter.Server.Policies;

namespace Limiter.Contracts.Tests.Reload;

/// <summary>The policy's file changes while requests come in.</summary>
public sealed class LoadTests : IDisposable
{
    private const int Reloads = 50;
    private const int Senders = 6;

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("policy.json");

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task Fifty_reloads_drop_no_request_and_admit_no_more_than_the_limit(int? leaseMs)
    {
        await using var served = await StartAsync(leaseMs);
        var statuses = new ConcurrentDictionary<int, int>();
        var policies = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var answer = await served.CheckAsync(Ask.Read, Served.DecisionType);
                statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                var limits = answer.Json.GetProperty("limits").GetArrayLength();
                policies.AddOrUpdate(limits == 3 ? "wide" : "narrow", 1, (_, count) => count + 1);
            }
        })).ToArray();
        for (var i = 0; i < Reloads; i++)
        {
            await WriteAsync(i % 2 == 0 ? PolicyTexts.Narrow : PolicyTexts.Wide);
            // The watch may have been faster.
            (await served.ReloadAsync()).ShouldNotBe(ReloadOutcome.Refused);
        }
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        statuses.Keys.ShouldBeSubsetOf([200, 429]);
        policies.Keys.Order().ShouldBe(["narrow", "wide"]);
        // The clock stands, so it is one window: what is left of it goes to those who come now.
        var admitted = statuses.GetValueOrDefault(200);
        while ((await served.CheckAsync(Ask.Read)).Status == 200) admitted++;
        admitted.ShouldBe(PolicyTexts.Number);
        var ready = await served.GetAsync("/readyz");
        ready.Json.GetProperty("policy").GetProperty("generation").GetInt64().ShouldBe(Reloads + 1);
    }

    [Fact]
    public async Task A_refused_file_leaves_the_policy_in_force_and_is_told_until_a_good_one_comes()
    {
        await using var served = await StartAsync(null);
        await served.SpendAsync(Ask.Read, 10);
        await WriteAsync(PolicyTexts.Broken);
        (await served.ReloadAsync()).ShouldBe(ReloadOutcome.Refused);
        (await served.CheckAsync(Ask.Read)).Remaining.ShouldBe("389");
        var ready = await served.GetAsync("/readyz");
        ready.Status.ShouldBe(200);
        ready.Json.GetProperty("policy").GetProperty("name").GetString().ShouldBe("wide");
        ready.Json.GetProperty("reload").GetProperty("errors").GetInt32().ShouldBe(3);
        await WriteAsync(PolicyTexts.Narrow);
        (await served.ReloadAsync()).ShouldNotBe(ReloadOutcome.Refused);
        (await served.CheckAsync(Ask.Read)).Remaining.ShouldBe("388");
        (await served.GetAsync("/readyz")).Json.TryGetProperty("reload", out _).ShouldBeFalse();
        (await served.ReloadAsync()).ShouldBe(ReloadOutcome.Unchanged);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_refused_until_it_is_back()
    {
        await using var served = await StartAsync(null);
        System.IO.File.Delete(File);
        (await served.ReloadAsync()).ShouldBe(ReloadOutcome.Refused);
        (await served.CheckAsync(Ask.Read)).Status.ShouldBe(200);
        await WriteAsync(PolicyTexts.Wide);
        (await served.ReloadAsync()).ShouldBe(ReloadOutcome.Unchanged);
        (await served.GetAsync("/readyz")).Json.TryGetProperty("reload", out _).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Served> StartAsync(int? leaseMs)
    {
        await WriteAsync(PolicyTexts.Wide);
        var served = await Served.StartAsync(PolicyTexts.Wide, leaseMs, policyFile: File);
        await served.RegisterAsync("acme", "basic");
        return served;
    }

    // As an editor does: whole, over the one before.
    private async Task WriteAsync(string text)
    {
        await System.IO.File.WriteAllTextAsync(File + ".new", text);
        System.IO.File.Move(File + ".new", File, overwrite: true);
    }
}
