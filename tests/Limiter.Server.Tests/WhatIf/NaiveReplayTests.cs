namespace Limiter.Server.Tests.WhatIf;

/// <summary>Replays against a model that keeps every admission in a list and counts.</summary>
public sealed class NaiveReplayTests : IAsyncDisposable
{
    private const int Minutes = 40;
    private const int PerMinute = 30;
    private const int PerHour = 600;

    private readonly Recording _recording = new();

    public ValueTask DisposeAsync() => _recording.DisposeAsync();

    [Theory]
    [InlineData(1, "fixedWindow", "even")]
    [InlineData(2, "fixedWindow", "burst")]
    [InlineData(3, "slidingWindow", "even")]
    [InlineData(4, "slidingWindow", "burst")]
    public async Task A_replay_denies_what_counting_one_by_one_denies(int seed, string algorithm, string spread)
    {
        var random = new Random(seed);
        var acme = await _recording.RegisterAsync("acme", "basic");
        var checks = new List<(long At, long Minute)>();
        for (var minute = 0; minute < Minutes; minute++)
        {
            var (allowed, denied) = (random.Next(0, 60), random.Next(0, 10));
            if (allowed + denied == 0) continue;
            await _recording.CountAsync(acme, minute, allowed, denied);
            for (var i = 0L; i < allowed + denied; i++)
                checks.Add((minute * 60_000L
                    + (spread == "burst" ? 0 : (2 * i + 1) * 60_000 / (2 * (allowed + denied))), minute));
        }
        var policy = _recording.Policy(
            $$"""
            { "minute": { "algorithm": "{{algorithm}}", "window": "60s", "per": "tenant" },
              "hour": { "algorithm": "fixedWindow", "window": "1h", "per": "tenant" } }
            """,
            $$"""{ "basic": { "minute": {{PerMinute}}, "hour": {{PerHour}} } }""");
        var replay = await _recording.ReplayAsync(policy, "--spread", spread, "--json");
        var denials = Naive(checks, algorithm == "slidingWindow");

        denials.Count.ShouldBeGreaterThan(50);
        var item = replay.Json.GetProperty("items")[0];
        item.GetProperty("denied").GetInt32().ShouldBe(denials.Count, $"seed {seed}");
        foreach (var limit in item.GetProperty("limits").EnumerateArray())
        {
            var isHour = limit.GetProperty("limit").GetString() == "hour";
            var own = denials.Where(denial => isHour ? denial.ByHour : denial.ByMinute).ToArray();
            limit.GetProperty("denied").GetInt32().ShouldBe(own.Length);
            limit.GetProperty("minutes").GetInt32().ShouldBe(own.Select(denial => denial.Minute).Distinct().Count());
            limit.GetProperty("worstMinute").GetProperty("denied").GetInt32()
                .ShouldBe(own.GroupBy(denial => denial.Minute).Max(group => group.Count()));
        }
    }

    /// <summary>
    /// A sliding window tells seconds apart: an admission counts until the end of its second and a minute.
    /// </summary>
    private static List<(long Minute, bool ByMinute, bool ByHour)> Naive(
        IEnumerable<(long At, long Minute)> checks, bool slides)
    {
        var admitted = new List<long>();
        var denials = new List<(long, bool, bool)>();
        foreach (var (at, minute) in checks)
        {
            var inMinute = admitted.Count(then => slides
                ? at < (then + 999) / 1_000 * 1_000 + 60_000
                : then / 60_000 == at / 60_000);
            var (byMinute, byHour) = (inMinute >= PerMinute, admitted.Count >= PerHour);
            if (byMinute || byHour) denials.Add((minute, byMinute, byHour));
            else admitted.Add(at);
        }
        return denials;
    }
}
