using System.Net;
using System.Net.Http.Headers;
using Limiter.Http.Auth;
using Microsoft.AspNetCore.Builder;

namespace Limiter.Client.Tests.Web;

/// <summary>Whoever guesses credentials at an API is slowed there, as at the limiter's own proxy.</summary>
public sealed class GuessTests
{
    private const string AddressHeader = "X-Client-Address";
    private const string Attacker = "203.0.113.66";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Credentials_are_guessed_twenty_times_a_minute_and_no_more(bool isUnderAspNetCoresMiddleware)
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        var known = await limiter.RegisterAsync("acme", "only");
        var unknown = await limiter.RegisterAsync("other", "only");
        await using var api = await StartAsync(limiter, isUnderAspNetCoresMiddleware);
        (await AskAsync(api, known)).ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < Guesser.WrongMax; i++)
            (await AskAsync(api, $"guess-{i}")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(api, unknown)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await AskAsync(api, known)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(api, unknown, "203.0.113.67")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(api, "guess", path: "/health")).ShouldBe(HttpStatusCode.OK);
        limiter.Manual.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(api, unknown)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_front_end_on_loopback_is_not_one_client()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        await using var api = await TestApi.StartAsync(limiter);
        for (var i = 0; i < 2 * Guesser.WrongMax; i++)
        {
            using var refused = await api.SendAsync($"guess-{i}");
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(
        TestApi api, string secret, string address = Attacker, string path = "/things")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Headers.Add(AddressHeader, address);
        using var answer = await api.Client.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain("too_many_attempts");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
        }
        return answer.StatusCode;
    }

    // Something in front has told addresses, as ASP.NET Core's forwarded headers do.
    private static Task<TestApi> StartAsync(
        TestLimiter limiter, bool isUnderAspNetCoresMiddleware) => TestApi.StartAsync(
        limiter,
        use: app =>
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers[AddressHeader].ToString());
                return next(context);
            });
            if (isUnderAspNetCoresMiddleware) app.UseRateLimiter();
            else app.UseLimiter();
        },
        add: services =>
        {
            if (isUnderAspNetCoresMiddleware) services.AddLimiterRateLimiting();
        });
}
