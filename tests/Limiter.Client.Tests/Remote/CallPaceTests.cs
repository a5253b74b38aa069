using System.Text.Json;
using Limiter.Client.Remote;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;

namespace Limiter.Client.Tests.Remote;

/// <summary>What an edge tells and what it asks are bounded together, as docs/client.md promises.</summary>
public sealed class CallPaceTests
{
    private const int CallsTaken = 200, RequestsTaken = 20_000;

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly List<(long AtMs, int Requests, bool IsRows)> _made = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task The_counts_of_a_minute_and_the_questions_beside_them_stay_within_what_is_taken(int asks)
    {
        using var calls = NewCalls();
        var rows = new RemoteRows(calls, failure => throw failure);
        var batching = new Batching<int>(256, calls.Pace, questions =>
        {
            Made(questions.Count, isRows: false);
            foreach (var question in questions) question.TrySetResult(1);
            return Task.CompletedTask;
        });
        var saved = rows.SaveRowsAsync([.. Enumerable.Range(0, 30_000).Select(Row)], CancellationToken.None).AsTask();
        var asked = new List<Task<int>>();
        for (var ms = 0; ms < 20_000; ms++)
        {
            for (var i = 0; i < asks && ms < 10_000; i++)
                asked.Add(batching.AskAsync(new Question<int>($"q{ms}.{i}")));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        saved.IsCompletedSuccessfully.ShouldBeTrue();
        asked.Count(one => !one.IsCompletedSuccessfully).ShouldBe(0);
        _made.Where(call => call.IsRows).Sum(call => call.Requests).ShouldBe(30_000);
        foreach (var (from, _, _) in _made)
        {
            var second = _made.Where(call => call.AtMs >= from && call.AtMs < from + 1_000).ToArray();
            second.Length.ShouldBeLessThanOrEqualTo(CallsTaken);
            second.Sum(call => call.Requests).ShouldBeLessThanOrEqualTo(RequestsTaken);
        }
    }

    [Fact]
    public void Who_is_waited_for_finds_room_while_counts_go_on_and_counts_go_on_while_it_never_pauses()
    {
        var pace = new CallPace(_clock);
        var counts = 0;
        while (pace.Next(givesWay: true) == TimeSpan.Zero) counts++;
        counts.ShouldBeInRange(1, CallPace.BurstMax / 2 + 1);
        for (var i = 0; i < CallPace.BurstMax / 2; i++) pace.Next().ShouldBe(TimeSpan.Zero);
        counts = 0;
        for (var ms = 0; ms < 1_000; ms++)
        {
            while (pace.Next() == TimeSpan.Zero) { }
            if (pace.Next(givesWay: true) == TimeSpan.Zero) counts++;
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        counts.ShouldBeInRange(9, 10);
    }

    private RemoteCalls NewCalls() => new(
        new LimiterClientOptions
        {
            Address = new Uri("http://limiter.test"), GatewayKey = "key", HttpHandler = () => new Limiter(this),
        },
        _clock);

    private void Made(int requests, bool isRows) =>
        _made.Add((_clock.GetUtcNow().ToUnixTimeMilliseconds(), requests, isRows));

    private static UsageRow Row(int number)
    {
        TenantId.TryParse($"t{number}", out var tenant).ShouldBeTrue();
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("k1", "only", "/*"), new UsageCounts(1, 0, 0, 0, 1));
        return new UsageRow(tenant, new Instant(0), new UsageWriter(new EdgeId(1), number + 1), sum.ToSheet(), 1);
    }

    private sealed class Limiter(CallPaceTests tests) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = JsonDocument.Parse(request.Content!.ReadAsStream(cancellationToken));
            tests.Made(body.RootElement.GetProperty("rows").EnumerateObject().Count(), isRows: true);
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("{}") });
        }
    }
}
