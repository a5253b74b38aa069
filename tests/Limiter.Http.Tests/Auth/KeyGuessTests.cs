using System.Net;
using Limiter.Engine.Clocks;
using Limiter.Http.Auth;
using Limiter.Http.Proxy;
using Limiter.Http.Tests.Proxy;

namespace Limiter.Http.Tests.Auth;

/// <summary>Whoever guesses keys is slowed by address, and locks nobody else out.</summary>
public sealed class KeyGuessTests
{
    private const string AddressHeader = "X-Client-Address";
    private const string Attacker = "203.0.113.66";

    [Fact]
    public async Task Operator_keys_are_guessed_twenty_times_a_minute_and_no_more()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < Guesser.WrongMax; i++)
            (await AskAsync(server, $"wrong-{i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // The right key, at last, does not help: it is not even compared.
        foreach (var key in new[] { "wrong", TestServer.AdminKey, TestServer.GatewayKey })
        {
            using var refused = await AskAsync(server, key);
            await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
        }
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        (await AskAsync(server, TestServer.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(server, TestServer.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guessing_neither_stops_other_addresses_nor_a_key_that_its_own_address_has_shown()
    {
        await using var server = await StartAsync();
        (await AskAsync(server, TestServer.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 100; i++) await AskAsync(server, $"wrong-{i}");
        (await AskAsync(server, TestServer.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, "wrong")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await AskAsync(server, TestServer.AdminKey, "203.0.113.67")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, TestServer.AdminKey, "2001:db8::1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Addresses_of_one_64_count_together()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < Guesser.WrongMax; i++) await AskAsync(server, "wrong", $"2001:db8::{i:x}");
        (await AskAsync(server, TestServer.AdminKey, "2001:db8::ffff")).StatusCode
            .ShouldBe(HttpStatusCode.TooManyRequests);
        (await AskAsync(server, TestServer.AdminKey, "2001:db8:0:1::1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Credentials_are_guessed_at_the_proxy_twenty_times_a_minute_and_no_more()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream.Address);
        var (known, unknown) = (await server.RegisterAsync(), await server.RegisterAsync("other"));
        const string path = "/proxy/things";
        (await AskAsync(server, known, path: path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < Guesser.WrongMax; i++)
            (await AskAsync(server, $"guess-{i}", path: path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var refused = await AskAsync(server, unknown, path: path);
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await AskAsync(server, known, path: path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, unknown, "203.0.113.67", path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task A_gateway_that_asks_about_unknown_credentials_is_not_slowed_but_its_client_is()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            using var check = await server.Gateway.PostAsync("/v1/check", TestServer.Json(
                $$"""{"credential":"guess-{{i}}","method":"GET","path":"/"}"""));
            check.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        for (var i = 0; i < Guesser.WrongMax; i++)
            (await AuthorizeAsync(server, Attacker)).ShouldBe(HttpStatusCode.Unauthorized);
        (await AuthorizeAsync(server, Attacker)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await AuthorizeAsync(server, "203.0.113.67")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_header_that_tells_addresses_a_front_end_on_loopback_is_not_one_client()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            using var refused = await server.Client("wrong").GetAsync("/v1/tenants");
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public void However_many_addresses_guess_the_table_is_bounded_and_forgets_none_that_is_refused()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var guesses = new KeyGuesses(addressesAreTold: true, clock);
        var first = guesses.GuesserAt(Address(0)).ShouldNotBeNull();
        for (var i = 0; i < Guesser.WrongMax; i++) first.Wrong();
        for (var i = 1; i < KeyGuesses.AddressesMax; i++) guesses.GuesserAt(Address(i))!.Wrong();
        // The table is full: further ones are counted together, and the others go on.
        var rest = guesses.GuesserAt(Address(KeyGuesses.AddressesMax));
        guesses.GuesserAt(Address(KeyGuesses.AddressesMax + 1)).ShouldBeSameAs(rest);
        guesses.GuesserAt(Address(0)).ShouldBeSameAs(first);
        KeyGuesses.Refuse(first, "any").ShouldNotBeNull().RetryAfter.ShouldBe(60);
        for (var i = 0; i < KeyGuesses.OthersWrongMax; i++)
        {
            KeyGuesses.Refuse(rest, "any").ShouldBeNull();
            rest!.Wrong();
        }
        KeyGuesses.Refuse(rest, "any").ShouldNotBeNull();
        clock.Advance(TimeSpan.FromMinutes(1));
        guesses.GuesserAt(Address(KeyGuesses.AddressesMax)).ShouldNotBeSameAs(rest);
        KeyGuesses.Refuse(first, "any").ShouldBeNull();
    }

    [Fact]
    public async Task Five_good_keys_behind_one_address_go_on_while_another_there_guesses()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream.Address);
        string[] known =
            [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(i => server.RegisterAsync($"tenant-{i}")))];
        foreach (var operators in new[] { TestServer.AdminKey, TestServer.GatewayKey })
            (await AskAsync(server, operators)).StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
        foreach (var key in known)
            (await AskAsync(server, key, path: "/proxy/x")).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < Guesser.WrongMax; i++) await AskAsync(server, $"guess-{i}");
        foreach (var key in known)
            (await AskAsync(server, key, path: "/proxy/x")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, TestServer.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, TestServer.GatewayKey)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static IPAddress Address(int number) =>
        new([10, (byte)(number >> 16), (byte)((number >> 8) & 0xFF), (byte)(number & 0xFF)]);

    private static Task<TestServer> StartAsync(Uri? upstream = null) => TestServer.StartAsync(
        proxy: new ProxyOptions { ClientAddressHeader = AddressHeader, Upstream = upstream });

    private static async Task<HttpResponseMessage> AskAsync(
        TestServer server, string key, string address = Attacker, string path = "/v1/tenants")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        // What the client writes itself stands before what the front end adds.
        request.Headers.TryAddWithoutValidation(AddressHeader, $"198.51.100.1, {address}");
        return await server.Anyone.SendAsync(request);
    }

    private static async Task<HttpStatusCode> AuthorizeAsync(TestServer server, string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/authorize/things");
        request.Headers.TryAddWithoutValidation(Gate.KeyHeader, TestServer.GatewayKey);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer guess");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", client);
        using var response = await server.Anyone.SendAsync(request);
        return response.StatusCode;
    }
}
