using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Callers;

public sealed class IdentityTests
{
    private static readonly Check ByKey = Edges.Get("acme") with { Key = "k" };
    private static readonly Check BySecret = new() { Credential = "secret", Method = "GET", Path = "/things/1" };
    private static readonly Check Nobody = new() { Method = "GET", Path = "/things/1" };

    [Fact]
    public async Task A_credential_and_a_key_name_the_same_caller()
    {
        await using var edges = await LmsAsync();
        var (byKey, bySecret) = (await edges.CheckAsync(ByKey), await edges.CheckAsync(BySecret));
        bySecret.Tenant.ShouldBe(Edges.Tenant("acme"));
        bySecret.Key.ShouldBe(byKey.Key);
        bySecret.Limits[0].Remaining.ShouldBe(998);
    }

    [Theory]
    [InlineData("other", "k", Refusal.UnknownTenant)]
    [InlineData("acme", "other", Refusal.UnknownKey)]
    [InlineData("acme", null, Refusal.KeyRequired)]
    [InlineData("not a name", "k", Refusal.UnknownTenant)]
    public async Task An_unknown_one_is_refused(string tenant, string? key, Refusal refusal)
    {
        await using var edges = await LmsAsync();
        var decision = await edges.CheckAsync(Edges.Get(tenant) with { Key = key });
        (decision.Outcome, decision.Refusal).ShouldBe((Outcome.Refused, refusal));
        (await edges.CheckAsync(BySecret with { Credential = "wrong" })).Refusal.ShouldBe(Refusal.UnknownCredential);
        (await edges.CheckAsync(Nobody)).Refusal.ShouldBe(Refusal.NoIdentity);
        edges.Way().Calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public async Task An_anonymous_caller_is_its_address(string one, string other, bool same)
    {
        await using var edges = new Edges(Policies.Shipped("workestra"));
        (await edges.AdmittedAsync(20, Nobody with { Address = IPAddress.Parse(one) })).ShouldBe(10);
        (await edges.AdmittedAsync(20, Nobody with { Address = IPAddress.Parse(other) })).ShouldBe(same ? 0 : 10);
        (await edges.CheckAsync(Nobody)).Refusal.ShouldBe(Refusal.AddressRequired);
    }

    [Fact]
    public async Task A_new_tenant_and_a_new_key_work_at_the_next_request_on_every_edge()
    {
        await using var edges = await LmsAsync(2);
        var check = Edges.Get("later") with { Key = "k" };
        for (var edge = 0; edge < 2; edge++)
            (await edges.CheckAsync(check, edge)).Refusal.ShouldBe(Refusal.UnknownTenant);
        await edges.SaveAsync("later", "professional");
        for (var edge = 0; edge < 2; edge++)
            (await edges.CheckAsync(check, edge)).Refusal.ShouldBe(Refusal.UnknownKey);
        await edges.AddKeyAsync("later", "k");
        for (var edge = 0; edge < 2; edge++) (await edges.CheckAsync(check, edge)).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_removed_stops_here_at_once_and_elsewhere_within_a_minute(bool onlyTheKey)
    {
        await using var edges = await LmsAsync(2);
        for (var edge = 0; edge < 2; edge++)
        {
            (await edges.AdmittedAsync(3, ByKey, edge)).ShouldBe(3);
            (await edges.AdmittedAsync(3, BySecret, edge)).ShouldBe(3);
        }
        if (onlyTheKey) await edges.Directory.RemoveKeyAsync(Edges.Tenant("acme"), Edges.Key("k"), null, default);
        else await edges.Directory.RemoveTenantAsync(Edges.Tenant("acme"), null, null, default);
        edges[0].Forget(Edges.Tenant("acme"));
        (await edges.CheckAsync(ByKey)).Outcome.ShouldBe(Outcome.Refused);
        (await edges.CheckAsync(BySecret)).Refusal.ShouldBe(Refusal.UnknownCredential);
        for (var second = 0; second < 60; second++)
        {
            await edges.AdvanceAsync(1_000);
            await edges.CheckAsync(ByKey, 1);
            await edges.CheckAsync(BySecret, 1);
        }
        (await edges.CheckAsync(ByKey, 1)).Outcome.ShouldBe(Outcome.Refused);
        (await edges.CheckAsync(BySecret, 1)).Outcome.ShouldBe(Outcome.Refused);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_it_is_read_is_not_kept()
    {
        await using var edges = await LmsAsync();
        edges.Directory.OnKeyRead = () =>
        {
            edges.Directory.OnKeyRead = null;
            edges.Directory.RemoveKeyAsync(Edges.Tenant("acme"), Edges.Key("k"), null, default).AsTask().Wait();
            edges[0].Forget(Edges.Tenant("acme"));
        };
        await edges.CheckAsync(ByKey);
        (await edges.CheckAsync(ByKey)).Refusal.ShouldBe(Refusal.UnknownKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_directory_is_out_of_reach_known_callers_go_on(bool atOnce)
    {
        await using var edges = await LmsAsync();
        (await edges.CheckAsync(ByKey)).Outcome.ShouldBe(Outcome.Allowed);
        (await edges.CheckAsync(BySecret)).Outcome.ShouldBe(Outcome.Allowed);
        (edges.Directory.Fails, edges.Directory.FailsAtOnce) = (true, atOnce);
        for (var second = 0; second < 120; second++)
        {
            (await edges.CheckAsync(ByKey)).Outcome.ShouldBe(Outcome.Allowed);
            (await edges.CheckAsync(BySecret)).Outcome.ShouldBe(Outcome.Allowed);
            await edges.AdvanceAsync(1_000);
        }
        var unknown = await edges.CheckAsync(Edges.Get("other") with { Key = "k" });
        unknown.Refusal.ShouldBe(Refusal.Unreachable);
        (unknown.RetryAt - edges.Now).ShouldBe(1_000);
        edges.Directory.Fails = false;
        await edges.AdvanceAsync(1_000);
        (await edges.CheckAsync(Edges.Get("other") with { Key = "k" })).Refusal.ShouldBe(Refusal.UnknownTenant);
    }

    private static async Task<Edges> LmsAsync(int count = 1)
    {
        var edges = new Edges(Policies.Shipped("lms"), count);
        await edges.SaveAsync("acme", "professional");
        await edges.AddKeyAsync("acme", "k", "secret");
        return edges;
    }
}
