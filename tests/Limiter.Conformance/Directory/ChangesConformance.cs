using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

/// <summary>What every adapter of <see cref="IDirectory"/> tells of who changed what.</summary>
public abstract class ChangesConformance : RotationConformance
{
    [Fact]
    public async Task A_change_is_told_as_it_was_given_with_a_number()
    {
        var change = Change("acme", ChangeKind.Created, "minute") with
        {
            Before = """{"plan":"basic"}""",
            After = """{"plan":"é🙂"}""",
            Reason = "they \"asked\"",
        };
        await Directory.SaveTenantAsync(Unsaved("acme"), change, Cancellation);
        var told = (await ListAsync("acme")).ShouldHaveSingleItem();
        told.Number.ShouldBeGreaterThan(0);
        told.ShouldBe(change with { Number = told.Number });
    }

    [Fact]
    public async Task Every_change_that_is_made_is_told_the_newest_first()
    {
        var saved = (await Directory.SaveTenantAsync(
            Unsaved("acme"), Change("acme", ChangeKind.Created), Cancellation)).ShouldNotBeNull();
        await Directory.SaveTenantAsync(saved, Change("acme", ChangeKind.Plan), Cancellation);
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, Change("acme", ChangeKind.KeyMinted), Cancellation);
        await Directory.ReplaceKeyAsync(
            key, key with { Hash = Hash("new") }, Change("acme", ChangeKind.KeyRotated), Cancellation);
        await Directory.RemoveKeyAsync(key.Tenant, key.Key, Change("acme", ChangeKind.KeyRevoked), Cancellation);
        await Directory.RemoveTenantAsync(key.Tenant, null, Change("acme", ChangeKind.Removed), Cancellation);
        var told = await ListAsync("acme");
        told.Select(change => change.What).ShouldBe(
        [
            ChangeKind.Removed, ChangeKind.KeyRevoked, ChangeKind.KeyRotated, ChangeKind.KeyMinted, ChangeKind.Plan,
            ChangeKind.Created,
        ]);
        told.Select(change => change.Number).ShouldBe(told.Select(change => change.Number).OrderDescending());
        (await ListAsync("other")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_is_kept_elsewhere_is_told_among_the_others()
    {
        await Directory.SaveTenantAsync(Unsaved("acme"), Change("acme", ChangeKind.Created), Cancellation);
        var change = Change("acme", ChangeKind.AlertsSet) with { After = """{"webhook":"https://example.com"}""" };
        await Directory.TellAsync(change, Cancellation);
        var told = await ListAsync("acme");
        told.Select(one => one.What).ShouldBe([ChangeKind.AlertsSet, ChangeKind.Created]);
        told[0].ShouldBe(change with { Number = told[0].Number });
    }

    [Fact]
    public async Task A_change_that_is_not_made_is_not_told()
    {
        var saved = await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        await SaveAsync("other");
        var change = Change("acme", ChangeKind.Plan);
        await Directory.SaveTenantAsync(Unsaved("acme"), change, Cancellation);
        await Directory.RemoveTenantAsync(saved.Id, saved.Version + 1_000, change, Cancellation);
        await Directory.RemoveTenantAsync(Tenant("nobody"), null, Change("nobody", ChangeKind.Removed), Cancellation);
        await Directory.AddKeyAsync(key, change, Cancellation);
        await Directory.AddKeyAsync(Key("acme", "k2", "acme/k1"), change, Cancellation);
        await Directory.ReplaceKeyAsync(key, key, change, Cancellation);
        await Directory.ReplaceKeyAsync(
            key with { Hash = Hash("old") }, key with { Hash = Hash("new") }, change, Cancellation);
        await Directory.RemoveKeyAsync(key.Tenant, Key("acme", "k9").Key, change, Cancellation);
        (await ListAsync("acme")).ShouldBeEmpty();
        (await ListAsync("nobody")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_beyond_the_most_is_not_told()
    {
        await SmallDirectory.SaveTenantAsync(Unsaved("acme"), null, Cancellation);
        for (var i = 0; i < 3; i++)
            await SmallDirectory.AddKeyAsync(
                Key("acme", string.Create(CultureInfo.InvariantCulture, $"k{i}")),
                Change("acme", ChangeKind.KeyMinted), Cancellation);
        (await SmallDirectory.ListChangesAsync(Tenant("acme"), null, default, 10, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Changes_are_listed_page_by_page_and_only_those_of_late()
    {
        var tenant = await SaveAsync("acme");
        for (var i = 0; i < 7; i++)
            tenant = await ChangeAsync(tenant, i);
        var subjects = new List<string>();
        for (long? before = null; ;)
        {
            var page = await Directory.ListChangesAsync(tenant.Id, before, default, 3, Cancellation);
            page.Count.ShouldBeLessThanOrEqualTo(3);
            if (page.Count == 0) break;
            subjects.AddRange(page.Select(change => change.Subject));
            before = page[^1].Number;
        }
        subjects.ShouldBe(["6", "5", "4", "3", "2", "1", "0"]);
        var since = Instant.From(Times.Start) + 5;
        (await Directory.ListChangesAsync(tenant.Id, null, since, 10, Cancellation))
            .Select(change => change.Subject).ShouldBe(["6", "5"]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Directory.ListChangesAsync(tenant.Id, null, default, 0, Cancellation));
    }

    [Fact]
    public async Task The_newest_changes_are_kept_and_no_more_than_so_many()
    {
        const int more = 5;
        var tenant = await SaveAsync("acme");
        for (var i = 0; i < ChangeRecord.KeptMax + more; i++) tenant = await ChangeAsync(tenant, i);
        var told = await Directory.ListChangesAsync(tenant.Id, null, default, 1_000, Cancellation);
        told.Count.ShouldBe(ChangeRecord.KeptMax);
        told[^1].Subject.ShouldBe(more.ToString(CultureInfo.InvariantCulture));
        (await Directory.ListChangesAsync(tenant.Id, told[^1].Number, default, 1_000, Cancellation)).ShouldBeEmpty();
        var some = await Directory.ListChangesAsync(tenant.Id, told[500].Number, default, 600, Cancellation);
        some.ShouldBe(told.Skip(501));
    }

    [Fact]
    public async Task Changes_of_long_ago_go_when_others_come()
    {
        var tenant = await SaveAsync("acme");
        await ChangeAsync(tenant, 0);
        var late = Instant.From(Times.Start) + ChangeRecord.KeptMs + 1;
        // A store may look at some places at a time, anywhere; often enough, it has looked everywhere.
        for (var i = 0; i < 300 && (await ListAsync("acme")).Count > 0; i++)
        {
            var other = await SaveAsync(string.Create(CultureInfo.InvariantCulture, $"other{i}"));
            await Directory.SaveTenantAsync(
                other, Change(other.Id.Text, ChangeKind.Plan) with { At = late }, Cancellation);
        }
        (await ListAsync("acme")).ShouldBeEmpty();
    }

    private static ChangeRecord Change(string tenant, ChangeKind what, string subject = "") =>
        new(Tenant(tenant), what, subject, Instant.From(Times.Start), "admin", "someone");

    private async Task<TenantRecord> ChangeAsync(TenantRecord tenant, int i) =>
        (await Directory.SaveTenantAsync(
            tenant,
            Change(tenant.Id.Text, ChangeKind.Plan, i.ToString(CultureInfo.InvariantCulture)) with
            {
                At = Instant.From(Times.Start) + i,
            },
            Cancellation)).ShouldNotBeNull();

    private ValueTask<IReadOnlyList<ChangeRecord>> ListAsync(string tenant) =>
        Directory.ListChangesAsync(Tenant(tenant), null, default, 100, Cancellation);
}
