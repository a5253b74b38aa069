using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Callers;

/// <summary>Keys that end by themselves, that are rotated, and that tell when they were used.</summary>
public sealed class KeyEndTests
{
    private static readonly Check ByKey = Edges.Get("acme") with { Key = "k" };
    private static readonly Check BySecret = new() { Credential = "secret", Method = "GET", Path = "/things/1" };

    private static readonly long FirstDay =
        Instant.From(Edges.Start).UnixMilliseconds / KeyRecord.DayMs;

    [Fact]
    public async Task An_expired_key_is_refused_like_a_revoked_one_on_every_edge_at_its_time()
    {
        await using var edges = await WithKeyAsync(2, key => key with { ExpiresAt = key.CreatedAt + 5_000 });
        for (var edge = 0; edge < 2; edge++)
        {
            (await edges.CheckAsync(ByKey, edge)).Outcome.ShouldBe(Outcome.Allowed);
            (await edges.CheckAsync(BySecret, edge)).Outcome.ShouldBe(Outcome.Allowed);
        }
        await edges.AdvanceAsync(4_999);
        (await edges.CheckAsync(BySecret)).Outcome.ShouldBe(Outcome.Allowed);
        await edges.AdvanceAsync(1);
        for (var edge = 0; edge < 2; edge++)
        {
            (await edges.CheckAsync(ByKey, edge)).Refusal.ShouldBe(Refusal.UnknownKey);
            (await edges.CheckAsync(BySecret, edge)).Refusal.ShouldBe(Refusal.UnknownCredential);
        }
    }

    [Fact]
    public async Task An_expired_key_stays_refused_while_the_directory_is_out_of_reach()
    {
        await using var edges = await WithKeyAsync(1, key => key with { ExpiresAt = key.CreatedAt + 5_000 });
        (await edges.CheckAsync(BySecret)).Outcome.ShouldBe(Outcome.Allowed);
        edges.Directory.Fails = true;
        await edges.AdvanceAsync(5_000);
        (await edges.CheckAsync(BySecret)).Refusal.ShouldBe(Refusal.UnknownCredential);
    }

    [Fact]
    public async Task Both_secrets_of_a_rotated_key_serve_one_bucket_until_the_overlap_ends()
    {
        await using var edges = await WithKeyAsync(2, key => key);
        (await edges.CheckAsync(BySecret)).Limits[0].Remaining.ShouldBe(999);
        (await edges.CheckAsync(BySecret, 1)).Outcome.ShouldBe(Outcome.Allowed);
        await RotateAsync(edges, overlapMs: 120_000);
        edges[0].Forget(Edges.Tenant("acme"));
        var present = BySecret with { Credential = "new secret" };
        foreach (var check in new[] { BySecret, present })
            for (var edge = 0; edge < 2; edge++)
                (await edges.CheckAsync(check, edge)).Outcome.ShouldBe(Outcome.Allowed);
        for (var second = 0; second < 120; second++)
        {
            (await edges.CheckAsync(BySecret, 1)).Outcome.ShouldBe(Outcome.Allowed);
            await edges.AdvanceAsync(1_000);
        }
        for (var edge = 0; edge < 2; edge++)
        {
            (await edges.CheckAsync(BySecret, edge)).Refusal.ShouldBe(Refusal.UnknownCredential);
            (await edges.CheckAsync(present, edge)).Outcome.ShouldBe(Outcome.Allowed);
        }
    }

    [Fact]
    public async Task A_secret_that_was_rotated_away_at_once_stops_here_at_once_and_elsewhere_within_a_minute()
    {
        await using var edges = await WithKeyAsync(2, key => key);
        for (var edge = 0; edge < 2; edge++) (await edges.CheckAsync(BySecret, edge)).Outcome.ShouldBe(Outcome.Allowed);
        await RotateAsync(edges, overlapMs: 0);
        edges[0].Forget(Edges.Tenant("acme"));
        (await edges.CheckAsync(BySecret)).Refusal.ShouldBe(Refusal.UnknownCredential);
        for (var second = 0; second < 60; second++)
        {
            await edges.AdvanceAsync(1_000);
            await edges.CheckAsync(BySecret, 1);
        }
        (await edges.CheckAsync(BySecret, 1)).Refusal.ShouldBe(Refusal.UnknownCredential);
    }

    [Fact]
    public async Task A_misspelt_secret_is_told_from_an_unknown_one_without_a_look_up()
    {
        await using var edges = await WithKeyAsync(1, key => key);
        var secret = Secret.Write(KeyKind.Live, new byte[Secret.RandomBytes]);
        (await edges.CheckAsync(BySecret with { Credential = secret })).Refusal.ShouldBe(Refusal.UnknownCredential);
        var reads = edges.Directory.Reads;
        (await edges.CheckAsync(BySecret with { Credential = secret[..^1] })).Refusal
            .ShouldBe(Refusal.MisspeltCredential);
        edges.Directory.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task The_day_of_a_key_s_use_is_written_once_and_again_on_the_next_day()
    {
        await using var edges = await WithKeyAsync(1, key => key);
        await edges.CheckAsync(BySecret);
        (await UsedDayAsync(edges)).ShouldBeNull("it is written behind the answers");
        await edges.AdvanceAsync(1_000);
        (await UsedDayAsync(edges)).ShouldBe(FirstDay);
        for (var minute = 0; minute < 10; minute++)
        {
            await edges.AdmittedAsync(5, BySecret);
            await edges.AdvanceAsync(60_000);
        }
        edges.Directory.Marks.ShouldBe(1);
        await edges.AdvanceAsync(TimeSpan.FromDays(1));
        await edges.CheckAsync(BySecret);
        await edges.AdvanceAsync(1_000);
        (await UsedDayAsync(edges)).ShouldBe(FirstDay + 1);
        edges.Directory.Marks.ShouldBe(2);
    }

    [Fact]
    public async Task A_day_that_the_directory_did_not_take_is_written_later()
    {
        await using var edges = await WithKeyAsync(1, key => key);
        await edges.CheckAsync(BySecret);
        edges.Directory.Fails = true;
        await edges.AdvanceAsync(3_000);
        edges.Directory.Marks.ShouldBe(1, "after a failure there is a pause");
        edges.Failures.ShouldNotBeEmpty();
        edges.Directory.Fails = false;
        await edges.AdvanceAsync(4_000);
        (await UsedDayAsync(edges)).ShouldBe(FirstDay);
    }

    [Fact]
    public async Task A_process_that_ends_writes_the_days_that_wait()
    {
        await using var edges = await WithKeyAsync(1, key => key);
        await edges.CheckAsync(ByKey);
        await edges[0].CloseAsync(TestContext.Current.CancellationToken);
        (await UsedDayAsync(edges)).ShouldBe(FirstDay);
    }

    private static async Task<Edges> WithKeyAsync(int count, Func<KeyRecord, KeyRecord> change)
    {
        var edges = new Edges(Policies.Shipped("lms"), count);
        await edges.SaveAsync("acme", "professional");
        var key = new KeyRecord(Edges.Tenant("acme"), Edges.Key("k"), "", Hash("secret"), edges.Now);
        (await edges.Directory.AddKeyAsync(change(key), null, default)).ShouldBe(KeyAddition.Added);
        return edges;
    }

    private static async Task RotateAsync(Edges edges, long overlapMs)
    {
        var before = (await KeyAsync(edges))!;
        var after = before with
        {
            Hash = Hash("new secret"),
            Retiring = new RetiringSecret(before.Hash, edges.Now + overlapMs),
        };
        (await edges.Directory.ReplaceKeyAsync(before, after, null, default)).ShouldBe(KeyReplacement.Replaced);
    }

    private static async Task<long?> UsedDayAsync(Edges edges) => (await KeyAsync(edges))!.LastUsedDay;

    private static ValueTask<KeyRecord?> KeyAsync(Edges edges) =>
        edges.Directory.FindKeyAsync(Edges.Tenant("acme"), Edges.Key("k"), default);

    private static CredentialHash Hash(string secret) =>
        CredentialHash.TryCompute(secret, out var hash) ? hash : throw new ArgumentException(secret, nameof(secret));
}
