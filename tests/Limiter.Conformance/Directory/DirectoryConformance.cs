using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

/// <summary>What every adapter of <see cref="IDirectory"/> does with tenants.</summary>
public abstract class DirectoryConformance
{
    protected abstract IDirectory Directory { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_tenant_is_found_as_it_was_saved()
    {
        var (minute, day) = (Limit("minute"), Limit("day"));
        var adjustment = new Adjustment(500_000, null, new Instant(1_767_229_200_000), "scraping \"é\" 🙂");
        var number = new Adjustment(null, 0, Instant.Never, "closed");
        var tenant = Unsaved("acme") with
        {
            Overrides = ImmutableDictionary<LimitId, long>.Empty.Add(minute, 500).Add(day, Schedule.Unlimited),
            Adjustments = ImmutableDictionary<LimitId, Adjustment>.Empty.Add(minute, adjustment).Add(day, number),
        };
        var saved = (await Directory.SaveTenantAsync(tenant, null, Cancellation)).ShouldNotBeNull();
        saved.Version.ShouldBeGreaterThan(0);
        var found = (await Directory.FindTenantAsync(tenant.Id, Cancellation)).ShouldNotBeNull();
        (found with { Overrides = tenant.Overrides, Adjustments = tenant.Adjustments })
            .ShouldBe(tenant with { Version = saved.Version });
        found.Overrides.ShouldBe(tenant.Overrides, ignoreOrder: true);
        found.Adjustments.ShouldBe(tenant.Adjustments, ignoreOrder: true);
    }

    [Fact]
    public async Task An_unknown_tenant_is_not_found()
    {
        (await Directory.FindTenantAsync(Tenant("nobody"), Cancellation)).ShouldBeNull();
        (await Directory.RemoveTenantAsync(Tenant("nobody"), null, null, Cancellation))
            .ShouldBe(TenantRemoval.NoSuchTenant);
    }

    [Fact]
    public async Task Names_differ_by_case()
    {
        await SaveAsync("acme");
        (await Directory.FindTenantAsync(Tenant("Acme"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Every_save_of_any_tenant_has_a_higher_version()
    {
        var first = await SaveAsync("a");
        var second = await SaveAsync("b");
        var third = (await Directory.SaveTenantAsync(first with { Plan = "other" }, null, Cancellation))
            .ShouldNotBeNull();
        second.Version.ShouldBeGreaterThan(first.Version);
        third.Version.ShouldBeGreaterThan(second.Version);
        (await Directory.FindTenantAsync(first.Id, Cancellation))!.Plan.ShouldBe("other");
    }

    [Fact]
    public async Task A_tenant_registered_again_has_a_higher_version_than_before()
    {
        var first = await SaveAsync("acme");
        (await Directory.RemoveTenantAsync(first.Id, null, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
        (await Directory.FindTenantAsync(first.Id, Cancellation)).ShouldBeNull();
        (await SaveAsync("acme")).Version.ShouldBeGreaterThan(first.Version);
    }

    [Fact]
    public async Task A_save_from_an_old_version_changes_nothing()
    {
        var first = await SaveAsync("acme");
        await Directory.SaveTenantAsync(first with { Plan = "second" }, null, Cancellation);
        (await Directory.SaveTenantAsync(first with { Plan = "third" }, null, Cancellation)).ShouldBeNull();
        (await Directory.SaveTenantAsync(Unsaved("acme"), null, Cancellation)).ShouldBeNull();
        (await Directory.FindTenantAsync(first.Id, Cancellation))!.Plan.ShouldBe("second");
        await Directory.RemoveTenantAsync(first.Id, null, null, Cancellation);
        (await Directory.SaveTenantAsync(first with { Plan = "fourth" }, null, Cancellation)).ShouldBeNull();
        (await Directory.FindTenantAsync(first.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_saves_from_one_version_exactly_one_wins()
    {
        var first = await SaveAsync("acme");
        var saves = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await Directory.SaveTenantAsync(first with { Plan = $"p{i}" }, null, Cancellation),
            Cancellation)));
        var winner = saves.Where(saved => saved is not null).ShouldHaveSingleItem();
        (await Directory.FindTenantAsync(first.Id, Cancellation))!.Plan.ShouldBe(winner!.Plan);
    }

    [Fact]
    public async Task Tenants_are_listed_in_the_ordinal_order_of_their_names_page_by_page()
    {
        string[] names = ["b", "B", "a-1", "a", "a.1", "a_1", "10", "9", "Z", "aa"];
        foreach (var name in names) await SaveAsync(name);
        var listed = new List<string>();
        for (TenantId? after = null; ;)
        {
            var page = await Directory.ListTenantsAsync(after, 3, Cancellation);
            page.Count.ShouldBeLessThanOrEqualTo(3);
            if (page.Count == 0) break;
            listed.AddRange(page.Select(tenant => tenant.Id.Text));
            after = page[^1].Id;
        }
        listed.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_page_may_start_after_a_name_that_does_not_exist()
    {
        await SaveAsync("a");
        await SaveAsync("c");
        (await Directory.ListTenantsAsync(Tenant("b"), 10, Cancellation)).ShouldHaveSingleItem().Id.Text.ShouldBe("c");
        (await Directory.ListTenantsAsync(Tenant("c"), 10, Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(DirectoryBounds.PageMax + 1)]
    public async Task A_page_is_bounded(int take)
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Directory.ListTenantsAsync(null, take, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Directory.ListKeysAsync(Tenant("acme"), null, take, Cancellation));
    }

    [Fact]
    public async Task The_policy_generation_rises_with_every_other_file()
    {
        var (one, two) = (SHA256.HashData("1"u8), SHA256.HashData("2"u8));
        var first = await Directory.PolicyGenerationAsync(one, Cancellation);
        first.ShouldBeGreaterThanOrEqualTo(1);
        (await Directory.PolicyGenerationAsync(one, Cancellation)).ShouldBe(first);
        (await Directory.PolicyGenerationAsync(two, Cancellation)).ShouldBe(first + 1);
        (await Directory.PolicyGenerationAsync(one, Cancellation)).ShouldBe(first + 2);
    }

    [Fact]
    public async Task The_signing_key_is_made_once()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () => Convert.ToHexString((await Directory.SigningKeyAsync(Cancellation)).Span), Cancellation)));
        keys.Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
    }

    protected static TenantId Tenant(string name) =>
        TenantId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    private static LimitId Limit(string name) =>
        LimitId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    protected static TenantRecord Unsaved(string name) => new(
        Tenant(name), "basic", 0, Instant.From(Times.Start), ImmutableDictionary<LimitId, long>.Empty,
        ImmutableDictionary<LimitId, Adjustment>.Empty);

    protected async Task<TenantRecord> SaveAsync(string name) =>
        (await Directory.SaveTenantAsync(Unsaved(name), null, Cancellation)).ShouldNotBeNull();

    protected static CredentialHash Hash(string secret) =>
        CredentialHash.Read(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    protected static KeyRecord Key(string tenant, string key, string? secret = null) => new(
        Tenant(tenant),
        KeyId.TryParse(key, out var id) ? id : throw new ArgumentException(key, nameof(key)),
        string.Create(CultureInfo.InvariantCulture, $"{key}'s label é"),
        Hash(secret ?? $"{tenant}/{key}"),
        Instant.From(Times.Start));
}
