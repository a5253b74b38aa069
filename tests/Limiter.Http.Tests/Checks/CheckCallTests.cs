using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Limiter.Http.Tests.Checks;

public sealed class CheckCallTests
{
    private const string Acme = """{"tenant":"acme","method":"GET","path":"/contacts"}""";

    [Fact]
    public async Task An_admission_has_the_published_shape()
    {
        await using var server = await RegisteredAsync();
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(Acme));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["59"]);
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldStartWith("""{"decision":"allowed","tenant":"acme","plan":"basic","group":""");
        var names = JsonDocument.Parse(text).RootElement.EnumerateObject().Select(member => member.Name);
        names.ShouldBe(["decision", "tenant", "plan", "group", "cost", "mode", "limits", "checkId"]);
        text.ShouldContain("""{"name":"minute","limit":60,"remaining":59,"resetsAt":"2026-01-01T00:01:00Z"}""");
    }

    [Fact]
    public async Task A_gateway_may_have_a_denial_as_a_decision()
    {
        await using var server = await RegisteredAsync();
        for (var i = 0; i < 60; i++) await CheckAsync(server, Acme, HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check") { Content = TestServer.Json(Acme) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.limiter.decision+json"));
        using var response = await server.Gateway.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.limiter.decision+json");
        var decision = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        decision.GetProperty("decision").GetString().ShouldBe("denied");
        decision.GetProperty("retryAfter").GetInt64().ShouldBe(60);
        decision.GetProperty("violated")[0].GetString().ShouldBe("minute");
        (await CheckAsync(server, Acme, HttpStatusCode.TooManyRequests)).ShouldContain("RATE_LIMIT_EXCEEDED");
    }

    [Theory]
    [InlineData("""{"tenant":"nobody","method":"GET","path":"/"}""", 404, "unknown_tenant", "tenant")]
    [InlineData("""{"tenant":"acme","key":"no","method":"GET","path":"/"}""", 404, "unknown_key", "key")]
    [InlineData("""{"credential":"lk_no","method":"GET","path":"/"}""", 401, "unknown_credential", "credential")]
    [InlineData("""{"method":"GET","path":"/"}""", 401, "no_identity", null)]
    [InlineData("""{"tenant":"acme","method":"GET","path":"a"}""", 400, "invalid_path", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/%255c"}""", 400, "invalid_path", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/","cost":0}""", 400, "cost_out_of_bounds", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/","cost":9999999}""", 400, "cost_out_of_bounds", "cost")]
    public async Task A_refusal_is_a_problem_that_names_its_field(string body, int status, string code, string? field)
    {
        await using var server = await RegisteredAsync();
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(body));
        await response.ShouldBeProblemAsync((HttpStatusCode)status, code, field);
        (await LeftAsync(server)).ShouldBe(60);
    }

    [Fact]
    public async Task The_same_id_counts_once_and_another_request_under_it_is_409()
    {
        const string first = """{"tenant":"acme","method":"GET","path":"/a","id":"01J"}""";
        await using var server = await RegisteredAsync();
        await CheckAsync(server, first, HttpStatusCode.OK);
        await CheckAsync(server, first, HttpStatusCode.OK);
        (await LeftAsync(server)).ShouldBe(59);
        var other = TestServer.Json("""{"tenant":"acme","method":"GET","path":"/b","id":"01J"}""");
        using var response = await server.Gateway.PostAsync("/v1/check", other);
        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict, "id_reused", "id");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_64_KiB_is_413_however_it_is_framed(bool chunked)
    {
        await using var server = await RegisteredAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check");
        request.Content = TestServer.Json(new string(' ', 65 * 1024) + Acme);
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Gateway.SendAsync(request);
        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task A_body_in_small_pieces_is_read_whole()
    {
        await using var server = await RegisteredAsync();
        var chunks = string.Concat(Acme.Chunk(7).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"));
        var answer = await RawHttp.SendAsync(server.Address,
            $"POST /v1/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestServer.GatewayKey}\r\n"
            + $"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}0\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task A_cost_is_corrected_once_and_repeating_it_changes_nothing()
    {
        await using var server = await TestServer.StartAsync(Policies.Shipped("points"));
        await server.RegisterAsync("acme", "build");
        var check = """{"tenant":"acme","method":"GET","path":"/contacts/1"}""";
        var admitted = JsonDocument.Parse(await CheckAsync(server, check, HttpStatusCode.OK)).RootElement;
        var id = admitted.GetProperty("checkId").GetString();
        for (var i = 0; i < 2; i++)
        {
            var charged = await TestServer.ReadAsync(await ChargeAsync(server, id, 7));
            charged.GetProperty("charged").GetInt64().ShouldBe(6);
            (await LeftAsync(server)).ShouldBe(93);
        }
        using var conflict = await ChargeAsync(server, id, 8);
        await conflict.ShouldBeProblemAsync(HttpStatusCode.Conflict, "already_charged", "cost");
        using var tooMuch = await ChargeAsync(server, id, 11);
        await tooMuch.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cost_out_of_bounds", "cost");
        using var forged = await ChargeAsync(server, (id![0] == 'A' ? 'B' : 'A') + id[1..], 7);
        await forged.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "forged_check_id", "checkId");
        using var none = await ChargeAsync(server, "x", 7);
        await none.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_check_id", "checkId");
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        using var expired = await ChargeAsync(server, id, 7);
        await expired.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "expired_check_id", "checkId");
    }

    [Theory]
    [InlineData("?tenant=acme&x=1", 400, "unknown_field", "x")]
    [InlineData("?tenant=acme&tenant=acme", 400, "duplicate_field", "tenant")]
    [InlineData("?tenant=nobody", 404, "unknown_tenant", "tenant")]
    [InlineData("?ip=x", 400, "invalid_field", "ip")]
    public async Task Limits_refuse_what_a_check_refuses(string query, int status, string code, string field)
    {
        await using var server = await RegisteredAsync();
        using var response = await server.Gateway.GetAsync("/v1/limits" + query);
        await response.ShouldBeProblemAsync((HttpStatusCode)status, code, field);
    }

    [Fact]
    public async Task Random_bytes_never_make_a_500()
    {
        const int seed = 20260102;
        var random = new Random(seed);
        await using var server = await RegisteredAsync();
        string[] paths = ["/v1/check", "/v1/charge", "/v1/tenants/acme/keys"];
        for (var i = 0; i < 2_000; i++)
        {
            var body = Encoding.UTF8.GetBytes(Acme);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            using var content = new ByteArrayContent(body);
            using var response = await server.Admin.PostAsync(paths[i % paths.Length], content);
            ((int)response.StatusCode).ShouldBeLessThan(500, $"seed {seed}, round {i}");
        }
    }

    private static async Task<TestServer> RegisteredAsync()
    {
        var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        return server;
    }

    private static async Task<string> CheckAsync(TestServer server, string body, HttpStatusCode status)
    {
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        return text;
    }

    private static Task<HttpResponseMessage> ChargeAsync(TestServer server, string? id, long cost) =>
        server.Gateway.PostAsync("/v1/charge", TestServer.Json($$"""{"checkId":"{{id}}","cost":{{cost}}}"""));

    private static async Task<long> LeftAsync(TestServer server)
    {
        var left = await TestServer.ReadAsync(await server.Gateway.GetAsync("/v1/limits?tenant=acme"));
        return left.GetProperty("limits")[0].GetProperty("remaining").GetInt64();
    }
}
