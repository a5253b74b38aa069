using Limiter.Client.Remote;
using Limiter.Engine.Clocks;

namespace Limiter.Client.Tests.Remote;

public sealed class BatchingTests
{
    private readonly List<string[]> _calls = [];
    private readonly TaskCompletionSource _go = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly CallPace _pace;

    public BatchingTests() => _pace = new CallPace(_clock);

    [Fact]
    public async Task Questions_that_come_while_calls_are_under_way_go_together()
    {
        var batching = new Batching<int>(100, _pace, CallAsync);
        var asked = Enumerable.Range(0, 50).Select(i => batching.AskAsync(new Question<int>($"q{i}"))).ToArray();
        _calls.Count.ShouldBe(Batching<int>.CallsMax);
        _go.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer == 1);
        _calls.Count.ShouldBe(Batching<int>.CallsMax + 1);
        _calls[^1].Length.ShouldBe(50 - Batching<int>.CallsMax);
    }

    [Fact]
    public async Task What_is_asked_twice_is_asked_in_two_calls()
    {
        var batching = new Batching<int>(100, _pace, CallAsync);
        var asked = Enumerable.Range(0, 10).Select(_ => batching.AskAsync(new Question<int>("same"))).ToArray();
        _go.SetResult();
        await Task.WhenAll(asked);
        _calls.ShouldAllBe(call => call.Length == 1);
        _calls.Count.ShouldBe(10);
    }

    [Fact]
    public async Task What_waits_already_is_not_asked_again_where_one_answer_serves_all()
    {
        var batching = new Batching<int>(100, _pace, CallAsync, shares: true);
        var asked = Enumerable.Range(0, 1_000).Select(i => batching.AskAsync(new Question<int>($"q{i % 2}"))).ToArray();
        _go.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer == 1);
        // Those that came when their like was under way already: what that finds can be older than they are.
        _calls.Select(call => string.Concat(call)).ShouldBe(["q0", "q1", "q0", "q1", "q0q1"]);
    }

    [Fact]
    public async Task A_call_is_bounded_in_questions_and_bytes()
    {
        var batching = new Batching<int>(8, _pace, CallAsync);
        var small = Enumerable.Range(0, 40).Select(i => batching.AskAsync(new Question<int>($"s{i}")));
        var great = Enumerable.Range(0, 40)
            .Select(i => batching.AskAsync(new Question<int>($"g{i}", new byte[20_000])));
        Task<int>[] asked = [.. small, .. great];
        _go.SetResult();
        await Task.WhenAll(asked);
        _calls.ShouldAllBe(call => call.Length <= 8);
        // 20,000 bytes are 26,668 in base64: three of them are more than a call takes.
        _calls.ShouldAllBe(call => call.Count(name => name[0] == 'g') <= 2);
    }

    [Fact]
    public async Task What_is_asked_again_goes_in_its_turn_and_holds_up_nothing_else()
    {
        var batching = new Batching<int>(2, _pace, CallAsync);
        var first = Enumerable.Range(0, Batching<int>.CallsMax)
            .Select(i => batching.AskAsync(new Question<int>($"q{i}"))).ToArray();
        string[] names = ["a", "a", "b", "c", "a", "b"];
        var asked = names.Select(name => batching.AskAsync(new Question<int>(name))).ToArray();
        _go.SetResult();
        await Task.WhenAll([.. first, .. asked]);
        // "a" came before "c", and its second asking before that of "b".
        _calls.Skip(first.Length).Select(call => string.Concat(call)).ShouldBe(["ab", "ac", "ab"]);
    }

    [Fact]
    public async Task A_failed_or_silent_call_fails_its_questions_and_no_other()
    {
        var batching = new Batching<int>(1, _pace, questions => questions[0].Name switch
        {
            "fails" => throw new RemoteException("It fails."),
            "silent" => Task.CompletedTask,
            _ => CallAsync(questions),
        });
        _go.SetResult();
        await Should.ThrowAsync<RemoteException>(batching.AskAsync(new Question<int>("fails")));
        await Should.ThrowAsync<RemoteException>(batching.AskAsync(new Question<int>("silent")));
        (await batching.AskAsync(new Question<int>("other"))).ShouldBe(1);
    }

    [Fact]
    public async Task Questions_that_never_pause_stay_within_the_calls_that_the_limiter_takes_of_one_edge()
    {
        const int seconds = 5;
        // As docs/client.md promises; what is beyond is refused.
        const int taken = 200;
        var batching = new Batching<int>(100, _pace, CallAsync);
        _go.SetResult();
        var asked = new List<Task<int>>();
        var calls = new List<int>();
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < 1_000; i++)
            {
                asked.Add(batching.AskAsync(new Question<int>($"q{second}.{i}")));
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
            calls.Add(_calls.Count);
        }
        _clock.Advance(TimeSpan.FromMilliseconds(CallPace.IntervalMs));
        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer == 1);
        calls[0].ShouldBeInRange(CallPace.BurstMax, taken);
        (calls[^1] - calls[^2]).ShouldBeInRange(1, 1_000 / CallPace.IntervalMs);
    }

    private async Task CallAsync(IReadOnlyList<Question<int>> questions)
    {
        lock (_calls) _calls.Add([.. questions.Select(question => question.Name)]);
        await _go.Task;
        foreach (var question in questions) question.TrySetResult(1);
    }
}
