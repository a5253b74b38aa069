using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>Numbers that change: at once where it was done, within a minute elsewhere; what was used counts.</summary>
public sealed class ChangedTermsTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Theory]
    [InlineData(40, 20)]
    [InlineData(10, 0)]
    [InlineData(20, 0)]
    public async Task An_override_binds_at_the_next_check_and_what_was_used_counts(long number, int left)
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(20);
        await edges.SaveAsync("acme", "big", record => record with
        {
            Overrides = record.Overrides.SetItem(Edges.Limit("minute"), number),
        });
        edges[0].Forget(Edges.Tenant("acme"));
        (await edges.AdmittedAsync(100, Acme)).ShouldBe(left);
        (await edges.CheckAsync(Acme)).Limits[0].Number.ShouldBe(number);
        await edges.AdvanceAsync(60_000);
        (await edges.AdmittedAsync(100, Acme)).ShouldBe((int)number);
    }

    [Fact]
    public async Task A_plan_binds_on_another_edge_within_a_minute()
    {
        await using var edges = new Edges(Policies.TenAMinute(algorithm: "slidingWindow"), 2);
        await edges.SaveAsync("acme", "big");
        await edges.AdmittedAsync(30, Acme, 1);
        await edges.SaveAsync("acme", "small");
        edges[0].Forget(Edges.Tenant("acme"));
        (await edges.CheckAsync(Acme)).Outcome.ShouldBe(Outcome.Denied);
        for (var second = 0; second < 60; second++)
        {
            await edges.AdvanceAsync(1_000);
            await edges.CheckAsync(Acme, 1);
        }
        (await edges.CheckAsync(Acme, 1)).Limits[0].Number.ShouldBe(10);
        await edges.AdvanceAsync(61_000);
        (await edges.AdmittedAsync(50, Acme, 1) + await edges.AdmittedAsync(50, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task An_edge_that_denies_hears_of_a_raised_number_within_seconds()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(10);
        await edges.SaveAsync("acme", "big");
        await edges.AdvanceAsync(4_000);
        (await edges.CheckAsync(Acme)).Outcome.ShouldBe(Outcome.Denied);
        await edges.AdvanceAsync(1_000);
        await edges.CheckAsync(Acme);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(20);
    }

    [Fact]
    public async Task A_flood_of_denials_reads_a_record_once_in_five_seconds()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        await edges.AdmittedAsync(20, Acme);
        var reads = edges.Directory.Reads;
        for (var second = 1; second <= 20; second++)
        {
            await edges.AdvanceAsync(1_000);
            await edges.AdmittedAsync(20, Acme);
        }
        (edges.Directory.Reads - reads).ShouldBe(4);
    }

    [Fact]
    public async Task A_bucket_that_knows_newer_terms_has_the_edge_read_them()
    {
        await using var edges = new Edges(Policies.TenAMinute(), 2);
        await edges.SaveAsync("acme", "big");
        await edges.CheckAsync(Acme, 1);
        await edges.SaveAsync("acme", "small");
        edges[0].Forget(Edges.Tenant("acme"));
        await edges.CheckAsync(Acme);
        await edges.CheckAsync(Acme, 1);
        (await edges.CheckAsync(Acme, 1)).Limits[0].Number.ShouldBe(10);
    }

    [Theory]
    [InlineData(500_000, 5)]
    [InlineData(3_000_000, 30)]
    public async Task An_adjustment_binds_at_once_and_ends_by_itself(long factorPpm, int during)
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        var until = edges.Now + 90_000;
        await edges.SaveAsync("acme", "small", record => record with
        {
            Adjustments = record.Adjustments.SetItem(
                Edges.Limit("minute"), new Adjustment(factorPpm, null, until, "A launch.")),
        });
        edges[0].Forget(Edges.Tenant("acme"));
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(during);
        await edges.AdvanceAsync(60_000);
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(during);
        await edges.AdvanceAsync(29_999);
        (await edges.CheckAsync(Acme)).RetryAfterSeconds.ShouldBe(during < 10 ? 1 : 31);
        await edges.AdvanceAsync(1);
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(Math.Max(0, 10 - during));
        await edges.AdvanceAsync(30_000);
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task Leases_of_a_lowered_limit_end()
    {
        await using var edges = new Edges(Policies.TenAMinute(algorithm: "slidingWindow"), 2);
        await edges.SaveAsync("acme", "big");
        (await edges.AdmittedAsync(5, Acme, 1)).ShouldBe(5);
        await edges.QuietAsync();
        await edges.SaveAsync("acme", "small");
        edges[0].Forget(Edges.Tenant("acme"));
        await edges.CheckAsync(Acme);
        await edges.AdvanceAsync(31_000);
        (await edges.AdmittedAsync(50, Acme, 1) + await edges.AdmittedAsync(50, Acme)).ShouldBeLessThanOrEqualTo(5);
    }
}
