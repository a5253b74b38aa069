using System.Globalization;

namespace Limiter.Contracts.Tests.Running;

internal static class AnswerAssertions
{
    /// <summary>Admitted, with exactly these headers.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="limit"><c>X-RateLimit-Limit</c>.</param>
    /// <param name="remaining"><c>X-RateLimit-Remaining</c>.</param>
    /// <param name="reset"><c>X-RateLimit-Reset</c> in seconds after the clock's start; null: not looked at.</param>
    public static Answer ShouldBeAllowed(this Answer answer, long limit, long remaining, long? reset = null)
    {
        answer.Status.ShouldBe(200, answer.Text);
        answer.ContentType.ShouldBe("application/json");
        answer.Json.GetProperty("decision").GetString().ShouldBe("allowed");
        answer.ShouldDescribe(limit, remaining, reset);
        answer.RetryAfter.ShouldBeNull();
        return answer;
    }

    /// <summary>Refused for now by the contract, with exactly these headers.</summary>
    /// <inheritdoc cref="ShouldBeAllowed"/>
    public static Answer ShouldBeDenied(
        this Answer answer, long limit, long remaining, long retryAfter, long? reset = null)
    {
        answer.Status.ShouldBe(429, answer.Text);
        answer.ContentType.ShouldBe("application/json");
        answer.RetryAfter.ShouldBe(retryAfter);
        answer.ShouldDescribe(limit, remaining, reset);
        return answer;
    }

    public static void ShouldDescribe(this Answer answer, long limit, long remaining, long? reset)
    {
        (answer.Limit, answer.Remaining).ShouldBe((Text(limit), Text(remaining)));
        if (reset is { } seconds) answer.Reset.ShouldBe(Text(Served.StartUnix + seconds));
        // The IETF fields are off unless a policy turns them on.
        answer.Header("RateLimit").ShouldBeNull();
        answer.Header("RateLimit-Policy").ShouldBeNull();
    }

    /// <summary>A complete problem document; never a trace of the program.</summary>
    public static Answer ShouldBeProblem(this Answer answer, int status, string code, string? field = null)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Text.ShouldNotContain("Exception");
        answer.Text.ShouldNotContain("   at ");
        var problem = answer.Json;
        problem.GetProperty("type").GetString().ShouldBe("about:blank");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("code").GetString().ShouldBe(code);
        (problem.TryGetProperty("field", out var named) ? named.GetString() : null).ShouldBe(field);
        return answer;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
