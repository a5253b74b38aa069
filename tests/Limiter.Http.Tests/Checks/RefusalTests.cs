using System.Net;
using System.Text.Json;

namespace Limiter.Http.Tests.Checks;

/// <summary>Refusals in the words and the shape that a gateway asks for.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Too_many_records_may_be_had_as_a_decision()
    {
        await using var server = await TestServer.StartAsync(Policies.Shipped("lms"));
        var secret = await server.RegisterAsync("acme", Policies.Shipped("lms").Plans[0].Name);
        var bulk = $$"""{"credential":"{{secret}}","method":"POST","path":"/students/bulk","records":101}""";
        using var plain = await SendAsync(server, bulk, "application/json");
        await plain.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_many_records", "records");
        using var response = await SendAsync(server, bulk, "application/vnd.limiter.decision+json");
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ShouldBeDecisionAsync(response);
    }

    [Fact]
    public async Task A_cost_above_the_limit_may_be_had_as_a_decision()
    {
        const string costly = """{"tenant":"acme","method":"GET","path":"/","cost":10}""";
        await using var server = await TestServer.StartAsync(Policies.Shipped("points"));
        await server.RegisterAsync("acme", "build");
        var number = TestServer.Json("""{"limit":5}""");
        (await server.Admin.PutAsync("/v1/tenants/acme/overrides/points", number)).EnsureSuccessStatusCode();
        using var plain = await SendAsync(server, costly, "application/json");
        await plain.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "cost_above_limit");
        using var response = await SendAsync(server, costly, "application/vnd.limiter.decision+json");
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await ShouldBeDecisionAsync(response)).GetProperty("violated")[0].GetString().ShouldBe("points");
    }

    [Theory]
    [InlineData("\"path\":\"\"", "path", "must be a string of 1 to 8192 characters.")]
    [InlineData("\"path\":\"/\",\"cost\":\"x\"", "cost", "must be a whole number from 1 to 1000000.")]
    [InlineData("\"path\":\"/\",\"cost\":1.5", "cost", "must be a whole number from 1 to 1000000.")]
    public async Task A_wrong_field_is_told_the_bounds_that_hold(string fields, string field, string words)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await SendAsync(
            server, $$"""{"tenant":"acme","method":"GET",{{fields}}}""", "application/json");
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", field);
        problem.GetProperty("detail").GetString()!.ShouldEndWith(words);
    }

    [Fact]
    public async Task A_path_that_is_too_long_is_told_so()
    {
        await using var server = await TestServer.StartAsync();
        var path = "/" + new string('a', 8_192);
        using var body = await SendAsync(
            server, $$"""{"tenant":"acme","method":"GET","path":"{{path}}"}""", "application/json");
        await body.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "path_too_long", "path");
        using var query = await server.Gateway.GetAsync($"/v1/limits?tenant=acme&path={path}");
        await query.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "path_too_long", "path");
    }

    private static async Task<JsonElement> ShouldBeDecisionAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.limiter.decision+json");
        response.Headers.RetryAfter.ShouldBeNull();
        var decision = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        decision.GetProperty("decision").GetString().ShouldBe("denied");
        decision.GetProperty("limits").GetArrayLength().ShouldBeGreaterThan(0);
        decision.TryGetProperty("violated", out _).ShouldBeTrue();
        decision.TryGetProperty("retryAfter", out _).ShouldBeFalse();
        return decision;
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string body, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check") { Content = TestServer.Json(body) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await server.Gateway.SendAsync(request);
    }
}
