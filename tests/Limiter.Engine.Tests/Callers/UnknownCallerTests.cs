using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Callers;

/// <summary>Callers that are made up by the thousand take up nothing, and free nobody.</summary>
public sealed class UnknownCallerTests
{
    [Fact]
    public async Task Tenants_and_credentials_that_nobody_has_take_up_no_bucket_and_no_count()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        for (var i = 0; i < 5_000; i++)
        {
            (await edges.CheckAsync(Edges.Get($"nobody-{i}"))).Refusal.ShouldBe(Refusal.UnknownTenant);
            (await edges.CheckAsync(Edges.Get("x") with { Tenant = null, Credential = $"guess-{i}" })).Refusal
                .ShouldBe(Refusal.UnknownCredential);
        }
        edges[0].BucketsInUse.ShouldBe(0);
        edges.Tally().Tenants.ShouldBe(0);
        edges.Way().Calls.ShouldBe(0);
    }

    [Fact]
    public async Task However_many_addresses_come_after_it_one_that_is_used_up_stays_so()
    {
        var policy = Policies.Compile(
            """
            {
              "policy": "addresses",
              "limits": { "hour": { "algorithm": "fixedWindow", "window": "1h", "number": 3 } },
              "plans": { "free": {} },
              "anonymous": "free",
              "response": { "describe": "hour", "reset": "unix", "denied": { "error": "denied" } }
            }
            """);
        await using var edges = new Edges(policy);
        (await edges.AdmittedAsync(5, From(0))).ShouldBe(3);
        for (var i = 1; i <= 20_000; i++) (await edges.CheckAsync(From(i))).Outcome.ShouldBe(Outcome.Allowed);
        // Idle ones leave this process's memory; what was used of them does not leave the buckets.
        await edges.AdvanceAsync(10 * 60_000);
        edges[0].BucketsInUse.ShouldBe(0);
        ((InMemoryBuckets)edges.Charges).Sweep(1_000);
        (await edges.AdmittedAsync(5, From(0))).ShouldBe(0);
        (await edges.AdmittedAsync(5, From(1))).ShouldBe(2);
    }

    private static Check From(int number) => new()
    {
        Method = "GET",
        Path = "/",
        Address = new IPAddress([10, 0, (byte)((number >> 8) & 0xFF), (byte)(number & 0xFF)]),
    };
}
