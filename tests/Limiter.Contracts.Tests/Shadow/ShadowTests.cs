using System.Text.Json;
using Limiter.Contracts.Tests.Running;

namespace Limiter.Contracts.Tests.Shadow;

/// <summary>A shadow limit over HTTP: the gateway sees it, the API's own client does not.</summary>
public sealed class ShadowTests
{
    private const string Policy =
        """
        {
          "policy": "tried",
          "limits": {
            "tried": { "algorithm": "fixedWindow", "window": "60s", "number": 2, "shadow": true },
            "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 3 }
          },
          "plans": { "basic": {} },
          "response": { "ietf": true, "denied": { "error": "{limitName}" } }
        }
        """;

    [Fact]
    public async Task It_refuses_nobody_and_says_what_it_would_have_refused()
    {
        await using var served = await Served.StartWithAcmeAsync(Policy, "basic");
        for (var i = 0; i < 3; i++)
        {
            var answer = await served.CheckAsync(Ask.Read);
            answer.Status.ShouldBe(200);
            var tried = Limit(answer, "tried");
            tried.GetProperty("shadow").GetBoolean().ShouldBeTrue();
            tried.GetProperty("wouldDeny").GetBoolean().ShouldBe(i == 2);
            tried.GetProperty("remaining").GetInt64().ShouldBe(Math.Max(0, 1 - i));
            Limit(answer, "minute").TryGetProperty("shadow", out _).ShouldBeFalse();
        }
        var denied = await served.CheckAsync(Ask.Read, Served.DecisionType);
        denied.Status.ShouldBe(429);
        denied.Json.GetProperty("violated").EnumerateArray().Select(name => name.GetString()).ShouldBe(["minute"]);
    }

    [Fact]
    public async Task Headers_and_bodies_do_not_tell_of_it()
    {
        await using var served = await Served.StartWithAcmeAsync(Policy, "basic");
        for (var i = 0; i < 4; i++)
        {
            var answer = await served.CheckAsync(Ask.Read);
            (answer.Limit, answer.Remaining).ShouldBe(("3", $"{Math.Max(0, 2 - i)}"));
            foreach (var value in answer.Headers.Values) value.ShouldNotContain("tried");
            if (i == 3) answer.Text.ShouldBe("""{"error":"minute"}""");
        }
    }

    private static JsonElement Limit(Answer answer, string name) => answer.Json.GetProperty("limits").EnumerateArray()
        .Single(limit => limit.GetProperty("name").GetString() == name);
}
