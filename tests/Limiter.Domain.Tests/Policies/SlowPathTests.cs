using System.Diagnostics;
using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

/// <summary>No path is slow on purpose, whatever the patterns are.</summary>
public sealed class SlowPathTests
{
    /// <summary>Far more than it takes, far less than a pattern that backtracks does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Patterns_that_all_fit_until_their_last_segment_take_no_longer_than_there_are_of_them()
    {
        // A thousand patterns, all of whose beginnings fit the path: two ways at each of ten segments.
        var patterns = Enumerable.Range(0, 1_024).Select(bits =>
            "\"GET /" + string.Join('/', Enumerable.Range(0, 10).Select(i => (bits & (1 << i)) == 0 ? "a" : "{x}"))
            + "/end\"");
        var endpoints = $$"""[{ "group": "slow", "match": [{{string.Join(',', patterns)}}] }]""";
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(PolicyText.With(endpoints: endpoints)), out var policy, out var
            errors).ShouldBeTrue(string.Join('\n', errors));
        var path = string.Concat(Enumerable.Repeat("/a", 11));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1_000; i++) policy!.Endpoints.Match("GET", path).Group.ShouldBe("standard");
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Patience);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/%61")]
    [InlineData("/..")]
    [InlineData("/a/..")]
    [InlineData("//")]
    [InlineData("/%2F")]
    public void The_longest_paths_are_normalised_in_a_moment(string part)
    {
        var path = "/x" + string.Concat(Enumerable.Repeat(part, (PathNormaliser.LengthMax - 2) / part.Length));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1_000; i++) PathNormaliser.TryNormalise(path, out _, out _).ShouldBeTrue();
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Patience);
    }
}
