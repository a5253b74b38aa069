using Limiter.Contracts.Tests.Proxy;

namespace Limiter.Contracts.Tests.Fuzz;

/// <summary>Whatever comes in, the server answers, never blames itself, and charges only what it admits.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20260101;
    private const int Requests = 17_000;
    private const int RawRequests = 3_000;

    private const string Policy = """
        {
          "policy": "fuzz",
          "limits": { "window": { "algorithm": "fixedWindow", "window": "31d" } },
          "plans": { "big": { "window": 1000000 } },
          "anonymous": "big",
          "cost": { "default": 1, "min": 1, "max": 10 },
          "response": { "denied": { "error": "limited" } }
        }
        """;

    [Fact]
    public async Task Twenty_thousand_requests_of_any_kind_never_make_a_5xx_and_refused_ones_consume_nothing()
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync(
            Policy, upstream: upstream.Address, clock: TimeProvider.System);
        await served.RegisterAsync("acme", "big");
        await served.MintAsync("acme", "k1");
        foreach (var tenant in new[] { "t1", "t2" }) await served.RegisterAsync(tenant, "big");
        var client = await served.MintAsync("t1", "k1");
        string[] keys = [Served.AdminKey, Served.AdminKey, Served.AdminKey, Served.GatewayKey, client, "nobody's"];
        (string, string)[] calls = [.. served.Calls, ("*", "/"), ("*", "/v1/no"), ("GET", "/openapi/v1.json")];
        var spent = 0L;
        var statuses = new int[600];
        await EachAsync(Requests, async number =>
        {
            var request = FuzzedRequest.Of(Seed, number, calls, keys);
            var answer = await SendAsync(served, request);
            Interlocked.Increment(ref statuses[answer.Status]);
            answer.Status.ShouldBeLessThan(500, $"seed {Seed}, request {number}: {request}\n{answer.Text}");
            if (answer.Status == 200 && answer.Text.Contains("\"decision\":\"allowed\",\"tenant\":\"acme\""))
                Interlocked.Add(ref spent, answer.Json.GetProperty("cost").GetInt64());
        });
        var text = string.Join(", ", statuses.Index().Where(pair => pair.Item > 0));
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        // Deep enough: much of it comes through the gate and some of it is admitted.
        statuses[200].ShouldBeGreaterThan(500, text);
        statuses[400].ShouldBeGreaterThan(3_000, text);
        var left = await served.LimitsAsync(Ask.Read);
        left.Left("window").ShouldBe(1_000_000 - spent);
    }

    [Fact]
    public async Task Noise_on_the_wire_never_makes_a_5xx_and_the_server_still_answers()
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync(
            Policy, upstream: upstream.Address, clock: TimeProvider.System);
        await served.RegisterAsync("acme", "big");
        string[] keys = [Served.GatewayKey, Served.AdminKey, await served.MintAsync("acme", "k1")];
        (string, string)[] calls = [.. served.Calls];
        await EachAsync(RawRequests, async number =>
        {
            var noise = FuzzedRequest.Of(Seed, number, calls, keys).ToNoise(Seed, number);
            var answer = await RawClient.SendAsync(served.Address, noise, ends: true);
            // A version of HTTP that does not exist is the one thing that has a 5xx of its own.
            if (!answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
                answer.ShouldNotStartWith("HTTP/1.1 5", customMessage: $"seed {Seed}, noise {number}: {answer}");
            answer.ShouldNotContain("Exception");
        });
        await served.RegisterAsync("acme", "big");
        (await served.CheckAsync(Ask.Read)).Status.ShouldBe(200);
        (await served.GetAsync("/healthz")).Text.ShouldBe("ok\n");
    }

    private static Task EachAsync(int count, Func<int, Task> send) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await send(number));

    private static async Task<Answer> SendAsync(Served served, FuzzedRequest fuzzed)
    {
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var target = new Uri($"http://{served.Address.Authority}{fuzzed.Target}", exact);
        using var request = new HttpRequestMessage(new HttpMethod(fuzzed.Method), target);
        if (fuzzed.Body is not null) request.Content = new ByteArrayContent(fuzzed.Body);
        foreach (var (name, value) in fuzzed.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        var response = await served.Anyone.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType != "application/x-ndjson")
            return await Answer.ReadAsync(response);
        // It would go on for an hour: this client goes away.
        using (response) return new Answer((int)response.StatusCode, [], null, new Dictionary<string, string>());
    }
}
