using System.Net;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Http.Tests.Edges;

/// <summary>Edges in other processes, honest and not.</summary>
public sealed class LeasesCallTests
{
    private static readonly Policy Waqti = Policies.Shipped("waqti");

    [Fact]
    public async Task A_lease_is_granted_and_counts_for_everybody()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        var (reply, _) = await remote.SendAsync(remote.Want(1, 1, 20));
        reply!.Outcome.ShouldBe(ReserveOutcome.Granted);
        reply.DurationMs.ShouldBe(10_000);
        var minute = reply.Limits[remote.Terms().PositionOf(RemoteAsk.Limit("minute"))];
        minute.Granted.ShouldBe(20);
        (await LeftAsync(server)).ShouldBe(40);
        // Told again it is the same reply, and nothing more is granted.
        (await remote.SendAsync(remote.Want(1, 1, 20))).Reply!.Opened.ShouldBe(reply.Opened);
        (await LeftAsync(server)).ShouldBe(40);
    }

    [Fact]
    public async Task What_an_edge_gives_back_is_free_again()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        var (reply, _) = await remote.SendAsync(remote.Want(1, 1, 20));
        var report = new LeaseReport(reply!.Opened, [new LimitReport(
            RemoteAsk.Limit("minute"), [new Spend(remote.Now, 5)], 15)]);
        await remote.SendAsync(remote.Want(2, 0, 0) with { Wants = [], Reports = [report] });
        (await LeftAsync(server)).ShouldBe(55);
    }

    [Fact]
    public async Task Terms_that_an_edge_brings_are_not_believed()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti) { Version = new TermsVersion(1, 9_999) };
        var (reply, _) = await remote.SendAsync(remote.Want(1, 61, 61, remote.Terms(number: 1_000_000)));
        reply!.Outcome.ShouldBe(ReserveOutcome.Never);
        (await LeftAsync(server)).ShouldBe(60);
    }

    [Fact]
    public async Task A_spending_that_is_dated_ahead_or_before_its_grant_helps_nobody()
    {
        foreach (var date in new[] { 0L, 1L, 4_000_000_000_000L })
        {
            await using var server = await StartAsync();
            var remote = new RemoteAsk(server, Waqti);
            var (reply, _) = await remote.SendAsync(remote.Want(1, 1, 20));
            var report = new LeaseReport(reply!.Opened, [new LimitReport(
                RemoteAsk.Limit("minute"), [new Spend(new Instant(date), 20)], 0)]);
            await remote.SendAsync(remote.Want(2, 0, 0) with { Wants = [], Reports = [report] });
            (await LeftAsync(server)).ShouldBe(40);
            server.Clock.Advance(TimeSpan.FromSeconds(59));
            (await LeftAsync(server)).ShouldBe(40);
        }
    }

    [Fact]
    public async Task An_edge_that_never_settles_loses_its_own_share_and_no_other()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        await remote.SendAsync(remote.Want(1, 1, 30));
        var admitted = 0;
        for (var i = 0; i < 70; i++)
        {
            using var answer = await server.Gateway.PostAsync("/v1/check",
                TestServer.Json("""{"tenant":"acme","method":"GET","path":"/"}"""));
            if (answer.StatusCode == HttpStatusCode.OK) admitted++;
        }
        admitted.ShouldBe(30);
        // Its lease is over and counts as spent; the next minute is whole.
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await LeftAsync(server)).ShouldBe(60);
    }

    [Fact]
    public async Task What_no_edge_says_is_refused_and_changes_nothing()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        var good = remote.Want(1, 1, 1);
        var much = new Spend(Instant.Never, 600_000_000);
        var twice = good with { Wants = [good.Wants[0], good.Wants[0]] };
        ReserveRequest[] wrong =
        [
            good with { Number = 0, LastReceived = 0, LastGranted = 0 },
            good with { LastReceived = 1, LastGranted = 0 },
            good with { LifetimeMs = 30_001 }, twice, good with { Wants = [good.Wants[0] with { Like = 0 }] },
            good with { Wants = [new Want(RemoteAsk.Limit("minute"), 1, 1, 1_000_000_001)] },
            good with { Owed = [new Owed(RemoteAsk.Limit("minute"), long.MaxValue)] },
            good with { Owed = [new Owed(RemoteAsk.Limit("minute"), [much, much])] },
            good with { Reports = [new LeaseReport(1, [])] }, good with { Edge = new EdgeId(2) },
            good with
            {
                Reports = [new LeaseReport(0, [new LimitReport(
                    RemoteAsk.Limit("minute"), [new Spend(remote.Now, long.MaxValue)], 0)])],
            },
        ];
        foreach (var request in wrong) (await remote.SendAsync(request)).Code.ShouldBe("invalid_request");
        var json = await remote.PostAsync("""{"edge":"00000000000000a1","reserves":{"t:acme:":"AgME"}}""");
        json.GetProperty("reserves").GetProperty("t:acme:").GetProperty("code").GetString()
            .ShouldBe("invalid_request");
        (await LeftAsync(server)).ShouldBe(60);
    }

    [Theory]
    [InlineData("t:nobody:")]
    [InlineData("t:acme:more")]
    [InlineData("k:acme:k1")]
    [InlineData("t::203.0.113.9")]
    public async Task A_bucket_that_nobody_has_is_told_as_such(string bucket)
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        (await remote.SendAsync(remote.Want(1, 1, 1), bucket)).Code.ShouldBe("unknown_bucket");
        // One bucket's failure is not the others'.
        (await remote.SendAsync(remote.Want(2, 1, 1))).Reply.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_spent_of_a_removed_tenant_can_still_be_told()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti);
        var (granted, _) = await remote.SendAsync(remote.Want(1, 1, 20));
        (await server.Admin.DeleteAsync("/v1/tenants/acme")).EnsureSuccessStatusCode();
        var report = new LeaseReport(granted!.Opened, [new LimitReport(
            RemoteAsk.Limit("minute"), [new Spend(remote.Now, 5)], 15)]);
        var (told, _) = await remote.SendAsync(remote.Want(2, 0, 0) with { Wants = [], Reports = [report] });
        told!.Outcome.ShouldBe(ReserveOutcome.Granted);
        await server.RegisterAsync();
        (await LeftAsync(server)).ShouldBe(55);
    }

    [Fact]
    public async Task An_older_policy_is_answered_and_told_of_and_a_newer_one_is_not()
    {
        await using var server = await StartAsync();
        var remote = new RemoteAsk(server, Waqti) { Version = new TermsVersion(0, 1) };
        (await remote.SendAsync(remote.Want(1, 1, 1))).Reply!.TermsVersion.Policy.ShouldBe(1);
        remote.Version = new TermsVersion(2, 1);
        (await remote.SendAsync(remote.Want(2, 1, 1))).Code.ShouldBe("policy_behind");
    }

    [Theory]
    [InlineData("/v1/leases", """{"edge":"00000000000000a1","reserves":{"t:acme:":""}}""")]
    [InlineData("/v1/identities", """{"edge":"00000000000000a1","names":["acme"]}""")]
    public async Task An_edge_s_calls_in_a_second_are_bounded_and_another_edge_goes_on(string path, string call)
    {
        await using var server = await StartAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 1_000 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            var some = Enumerable.Range(0, 50)
                .Select(_ => server.Gateway.PostAsync(path, TestServer.Json(call)));
            foreach (var answer in await Task.WhenAll(some)) statuses.Add(answer.StatusCode);
        }
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        using var other = await server.Gateway.PostAsync(
            path, TestServer.Json(call.Replace("a1", "a2", StringComparison.Ordinal)));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_call_holds_at_most_256_requests()
    {
        await using var server = await StartAsync();
        var requests = string.Join(',', Enumerable.Range(0, 257).Select(i => $"\"t:t{i}:\":\"\""));
        using var answer = await server.Gateway.PostAsync(
            "/v1/leases", TestServer.Json($$"""{"edge":"00000000000000a1","reserves":{ {{requests}} } }"""));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "reserves");
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Waqti);
        await server.RegisterAsync();
        return server;
    }

    private static async Task<long> LeftAsync(TestServer server)
    {
        using var answer = await server.Gateway.GetAsync("/v1/limits?tenant=acme");
        return (await TestServer.ReadAsync(answer)).GetProperty("limits").EnumerateArray()
            .Single(limit => limit.GetProperty("name").GetString() == "minute").GetProperty("remaining").GetInt64();
    }
}
