using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

/// <summary>What every adapter of <see cref="IDirectory"/> does with keys that are used, rotated and end.</summary>
public abstract class RotationConformance : KeysConformance
{
    private static readonly Instant Later = Instant.From(Times.Start) + 3_600_000;

    [Fact]
    public async Task A_key_keeps_its_kind_its_end_and_its_day_of_use()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1") with { Kind = KeyKind.Imported, ExpiresAt = Later, LastUsedDay = 20_000 };
        await Directory.AddKeyAsync(key, null, Cancellation);
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation)).ShouldBe(key);
        (await Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
        (await Directory.ListKeysAsync(key.Tenant, null, 10, Cancellation)).ShouldHaveSingleItem().ShouldBe(key);
    }

    [Fact]
    public async Task A_suspension_is_kept_until_it_is_taken_away()
    {
        var suspended = Unsaved("acme") with { Suspension = new Suspension(Later, "unpaid é") };
        var saved = (await Directory.SaveTenantAsync(suspended, null, Cancellation)).ShouldNotBeNull();
        var found = (await Directory.FindTenantAsync(saved.Id, Cancellation)).ShouldNotBeNull();
        found.Suspension.ShouldBe(suspended.Suspension);
        await Directory.SaveTenantAsync(found with { Suspension = null }, null, Cancellation);
        (await Directory.FindTenantAsync(saved.Id, Cancellation))!.Suspension.ShouldBeNull();
    }

    [Fact]
    public async Task A_rotated_key_has_both_secrets_and_the_next_rotation_drops_the_first()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        var second = Rotated(key, "second");
        (await Directory.ReplaceKeyAsync(key, second, null, Cancellation)).ShouldBe(KeyReplacement.Replaced);
        foreach (var hash in new[] { key.Hash, second.Hash })
            (await Directory.FindCredentialAsync(hash, Cancellation)).ShouldBe(second);
        var third = Rotated(second, "third");
        (await Directory.ReplaceKeyAsync(second, third, null, Cancellation)).ShouldBe(KeyReplacement.Replaced);
        (await Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBeNull();
        (await Directory.FindCredentialAsync(second.Hash, Cancellation)).ShouldBe(third);
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation)).ShouldBe(third);
    }

    [Fact]
    public async Task A_rotation_of_another_secret_or_to_one_in_use_changes_nothing()
    {
        await SaveAsync("acme");
        var (key, other) = (Key("acme", "k1"), Key("acme", "k2"));
        await Directory.AddKeyAsync(key, null, Cancellation);
        await Directory.AddKeyAsync(other, null, Cancellation);
        var stale = key with { Hash = Hash("never") };
        (await Directory.ReplaceKeyAsync(stale, Rotated(key, "new"), null, Cancellation))
            .ShouldBe(KeyReplacement.Changed);
        (await Directory.ReplaceKeyAsync(Key("acme", "k9"), Rotated(Key("acme", "k9"), "new"), null, Cancellation))
            .ShouldBe(KeyReplacement.Changed);
        (await Directory.ReplaceKeyAsync(Key("nobody", "k"), Rotated(Key("nobody", "k"), "new"), null, Cancellation))
            .ShouldBe(KeyReplacement.Changed);
        (await Directory.ReplaceKeyAsync(key, Rotated(key, "acme/k2"), null, Cancellation))
            .ShouldBe(KeyReplacement.Exists);
        (await Directory.ReplaceKeyAsync(key, Rotated(key, "acme/k1"), null, Cancellation))
            .ShouldBe(KeyReplacement.Exists);
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation)).ShouldBe(key);
        (await Directory.FindCredentialAsync(Hash("new"), Cancellation)).ShouldBeNull();
        (await Directory.FindCredentialAsync(other.Hash, Cancellation)).ShouldBe(other);
    }

    [Fact]
    public async Task A_secret_that_retires_is_not_given_to_another_key()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        await Directory.ReplaceKeyAsync(key, Rotated(key, "new"), null, Cancellation);
        (await Directory.AddKeyAsync(Key("acme", "k2", "acme/k1"), null, Cancellation)).ShouldBe(KeyAddition.Exists);
        (await Directory.AddKeyAsync(Key("acme", "k2", "new"), null, Cancellation)).ShouldBe(KeyAddition.Exists);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_secrets_end_with_their_key_and_are_free_again(bool withTenant)
    {
        await SaveAsync("acme");
        await SaveAsync("other");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        await Directory.ReplaceKeyAsync(key, Rotated(key, "new"), null, Cancellation);
        if (withTenant) await Directory.RemoveTenantAsync(key.Tenant, null, null, Cancellation);
        else await Directory.RemoveKeyAsync(key.Tenant, key.Key, null, Cancellation);
        foreach (var secret in new[] { "acme/k1", "new" })
        {
            (await Directory.FindCredentialAsync(Hash(secret), Cancellation)).ShouldBeNull();
            (await Directory.AddKeyAsync(Key("other", secret.Replace('/', '-'), secret), null, Cancellation))
                .ShouldBe(KeyAddition.Added);
        }
    }

    [Fact]
    public async Task Of_many_rotations_from_one_secret_exactly_one_wins()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () => await Directory.ReplaceKeyAsync(key, Rotated(key, $"new {i}"), null, Cancellation),
            Cancellation)));
        outcomes.Count(outcome => outcome == KeyReplacement.Replaced).ShouldBe(1);
        var winner = Hash($"new {Array.IndexOf(outcomes, KeyReplacement.Replaced)}");
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation))!.Hash.ShouldBe(winner);
        (await Directory.FindCredentialAsync(winner, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_last_day_of_use_rises_and_survives_a_rotation()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        foreach (var day in new[] { 20_000, 20_001, 19_999 })
            await Directory.MarkKeyUsedAsync(key.Tenant, key.Key, day, Cancellation);
        (await Directory.ReplaceKeyAsync(key, Rotated(key, "new"), null, Cancellation))
            .ShouldBe(KeyReplacement.Replaced);
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation))!.LastUsedDay.ShouldBe(20_001);
        (await Directory.FindCredentialAsync(Hash("new"), Cancellation))!.LastUsedDay.ShouldBe(20_001);
        await Directory.MarkKeyUsedAsync(key.Tenant, Key("acme", "k9").Key, 1, Cancellation);
        await Directory.MarkKeyUsedAsync(Tenant("nobody"), key.Key, 1, Cancellation);
        (await Directory.ListKeysAsync(key.Tenant, null, 10, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_tenant_of_another_version_is_not_removed()
    {
        var first = await SaveAsync("acme");
        await Directory.AddKeyAsync(Key("acme", "k1"), null, Cancellation);
        var second = (await Directory.SaveTenantAsync(first, null, Cancellation)).ShouldNotBeNull();
        (await Directory.RemoveTenantAsync(first.Id, first.Version, null, Cancellation))
            .ShouldBe(TenantRemoval.Changed);
        (await Directory.FindKeyAsync(first.Id, Key("acme", "k1").Key, Cancellation)).ShouldNotBeNull();
        (await Directory.RemoveTenantAsync(first.Id, second.Version, null, Cancellation))
            .ShouldBe(TenantRemoval.Removed);
    }

    private static KeyRecord Rotated(KeyRecord key, string secret) =>
        key with { Hash = Hash(secret), Retiring = new RetiringSecret(key.Hash, Later) };
}
