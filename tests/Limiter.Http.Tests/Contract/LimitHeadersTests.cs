using System.Buffers;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Http.Contract;

namespace Limiter.Http.Tests.Contract;

public sealed class LimitHeadersTests
{
    private const long NewYear = 1_767_225_600;
    private const long ToMidnight = 86_400_000 - 10_500;

    private static readonly Policy Waqti = Policies.Shipped("waqti");
    private static readonly Policy Workestra = Policies.Shipped("workestra");
    private static readonly Policy Points = Policies.Shipped("points");

    [Fact]
    public void An_allowed_answer_describes_the_policy_s_limit()
    {
        var headers = LimitHeaders.From(Decisions.Allowed(
            Waqti, ("day", 1_000, 3, ToMidnight), ("minute", 60, 57, 50_000)));
        (headers.Limit, headers.Remaining, headers.Reset, headers.RetryAfter)
            .ShouldBe(("60", "57", $"{NewYear + 61}", null));
    }

    [Fact]
    public void An_exhausted_day_points_at_midnight_with_the_minute_s_number_and_nothing_left()
    {
        var headers = LimitHeaders.From(Decisions.Denied(
            Waqti, ToMidnight, ("minute", 60, 57, 50_000, false), ("day", 1_000, 0, ToMidnight, true)));
        (headers.Limit, headers.Remaining, headers.Reset, headers.RetryAfter)
            .ShouldBe(("60", "0", $"{NewYear + 86_400}", "86390"));
    }

    [Fact]
    public void Without_a_named_limit_the_one_with_least_left_is_described()
    {
        var headers = LimitHeaders.From(Decisions.Allowed(
            Workestra, ("minute", 100, 60, 49_500), (Other(Workestra), 10, 4, 49_500)));
        (headers.Limit, headers.Remaining).ShouldBe(("10", "4"));
    }

    [Fact]
    public void Of_equals_the_policy_s_first_is_described()
    {
        var first = Workestra.Limits[0].Name;
        var headers = LimitHeaders.From(Decisions.Allowed(
            Workestra, (Other(Workestra), 50, 5, 49_500), (first, 100, 5, 49_500)));
        headers.Limit.ShouldBe("100");
    }

    [Fact]
    public void On_a_denial_the_limit_that_refused_is_described_even_with_more_left()
    {
        var first = Workestra.Limits[0].Name;
        var headers = LimitHeaders.From(Decisions.Denied(
            Workestra, 49_500, (first, 100, 1, 49_500, false), (Other(Workestra), 10, 2, 49_500, true)));
        (headers.Limit, headers.Remaining, headers.Reset).ShouldBe(("10", "2", $"{NewYear + 60}"));
    }

    [Fact]
    public void A_reset_is_an_HTTP_date_where_the_policy_says_so()
    {
        var headers = LimitHeaders.From(Decisions.Allowed(Points, ("points", 100, 97, 49_500)));
        headers.Reset.ShouldBe("Thu, 01 Jan 2026 00:01:00 GMT");
    }

    [Fact]
    public void A_limit_without_a_number_has_no_headers() =>
        LimitHeaders.From(Decisions.Allowed(Waqti, ("day", 1_000, 3, ToMidnight))).Limit.ShouldBeNull();

    [Fact]
    public void A_refusal_for_good_says_nothing_of_retrying()
    {
        var decision = Decisions.Allowed(Points, ("points", 100, 97, 49_500));
        decision.Outcome = Outcome.Refused;
        decision.Refusal = Refusal.CostAboveLimit;
        var headers = LimitHeaders.From(decision);
        headers.RetryAfter.ShouldBeNull();
        headers.Limit.ShouldBe("100");
    }

    [Fact]
    public void The_IETF_fields_are_sent_where_the_policy_turns_them_on()
    {
        var policy = WithIetf();
        var headers = LimitHeaders.From(Decisions.Allowed(
            policy, ("minute", 60, 57, 42_000), ("day", 1_000, 9, ToMidnight)));
        headers.IetfPolicy.ShouldBe("\"minute\";q=60;w=60, \"day\";q=1000;w=86400");
        headers.IetfLimit.ShouldBe("\"minute\";r=57;t=42, \"day\";r=9;t=86390");
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(50, 120)]
    [InlineData(70, 86)]
    [InlineData(200, 30)]
    [InlineData(10_000, 1)]
    public void A_token_bucket_s_window_is_the_time_in_which_its_number_comes_free(int percent, long seconds)
    {
        var rule = LimitRule.TokenBucket(LimitId.Day, 60_000, percent);
        WindowLength.OfNumberSeconds(rule, default).ShouldBe(seconds);
        WindowLength.Seconds(rule, default).ShouldBe(60);
    }

    [Fact]
    public void Otherwise_there_are_no_IETF_fields() =>
        LimitHeaders.From(Decisions.Allowed(Points, ("points", 100, 97, 49_500))).IetfPolicy.ShouldBeNull();

    [Fact]
    public void A_denied_body_is_the_contract_s_own()
    {
        Body(Decisions.Denied(Points, 11_200, ("points", 100, 0, 49_500, true))).ShouldBe(
            """{"error":"rate_limit_exceeded","message":"Point budget exceeded. Try again in 12 seconds.",""" + """
            "retry_after":12}
            """);
    }

    [Fact]
    public void The_limit_that_refuses_longest_chooses_the_body()
    {
        var byDay = Body(Decisions.Denied(
            Waqti, ToMidnight, ("minute", 60, 0, 50_000, true), ("day", 1_000, 0, ToMidnight, true)));
        var byMinute = Body(Decisions.Denied(
            Waqti, 45_000, ("minute", 60, 0, 50_000, true), ("day", 1_000, 5, ToMidnight, false)));
        byDay.ShouldContain("1000");
        byMinute.ShouldContain("Too many requests. Please retry after 45 seconds.");
        byMinute.ShouldNotContain("1000");
    }

    private static string Other(Policy policy) => policy.Limits[1].Name;

    private static string Body(Decision decision)
    {
        var body = new ArrayBufferWriter<byte>();
        DeniedBody.Write(decision, decision.Policy!.Response.Denied!, body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static Policy WithIetf()
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "waqti.json"));
        var at = file.IndexOf("\"response\"", StringComparison.Ordinal);
        at = file.IndexOf('{', at) + 1;
        return Policies.Compile(Encoding.UTF8.GetBytes(file.Insert(at, "\"ietf\": true,")));
    }
}
