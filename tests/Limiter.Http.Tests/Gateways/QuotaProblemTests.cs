using System.Net;
using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Http.Tests.Gateways;

public sealed class QuotaProblemTests
{
    private const string Two =
        """
        {
          "policy": "two",
          "limits": {
            "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 1 },
            "day": { "algorithm": "calendar", "window": "day", "number": 1 },
            "hour": { "algorithm": "fixedWindow", "window": "1h", "number": 9 }
          },
          "plans": { "basic": {} },
          "response": { "ietf": true, "problem": true }
        }
        """;

    [Fact]
    public async Task A_policy_may_deny_with_problem_details_that_name_the_limits_as_the_fields_do()
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(Two), out var policy, out _).ShouldBeTrue();
        await using var server = await TestServer.StartAsync(policy);
        await server.RegisterAsync();
        var check = """{"tenant":"acme","method":"GET","path":"/"}""";
        (await server.Gateway.PostAsync("/v1/check", TestServer.Json(check))).EnsureSuccessStatusCode();
        using var denied = await server.Gateway.PostAsync("/v1/check", TestServer.Json(check));
        denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        denied.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await denied.Content.ReadAsStringAsync()).ShouldBe(
            """
            {"type":"https://iana.org/assignments/http-problem-types#quota-exceeded",
            "title":"Request cannot be satisfied as assigned quota has been exceeded","status":429,
            "violated-policies":["minute","day"]}
            """.Replace("\n", "", StringComparison.Ordinal));
        denied.Headers.GetValues("RateLimit-Policy").Single().ShouldContain("\"day\"");
    }
}
