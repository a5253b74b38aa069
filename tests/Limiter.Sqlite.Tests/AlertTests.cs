using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Engine.Clocks;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tests;

/// <summary>Rules and outbox in the file.</summary>
public sealed class AlertTests : IDisposable
{
    private static readonly Instant Start = Instant.From(Asks.Start);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_version_3_is_told_of_alerts_from_then_on()
    {
        await using (_folder.Open(_clock)) { }
        // What later versions added is taken back: all else is as version 3 left it.
        _folder.Execute("ALTER TABLE usage_rows DROP COLUMN revision");
        _folder.Execute("DROP TABLE alerts; DROP TABLE alert_rules; PRAGMA user_version=3;");
        await using var store = _folder.Open(_clock);
        _folder.Scalar("PRAGMA user_version").ShouldBe((long)Schema.Version);
        (await store.Alerts.AddAsync(Alert(), Cancellation)).ShouldBeTrue();
        (await store.Alerts.RulesVersionAsync(Cancellation)).ShouldBe("0");
    }

    [Fact]
    public async Task What_waits_and_what_was_claimed_outlives_the_process()
    {
        await using (var store = _folder.Open(_clock))
        {
            await store.Alerts.AddAsync(Alert(), Cancellation);
            (await store.Alerts.ClaimAsync(Start, Start + 1_000, 10, static _ => true, Cancellation)).Count.ShouldBe(1);
        }
        await using var again = _folder.Open(_clock);
        (await again.Alerts.AddAsync(Alert(), Cancellation)).ShouldBeFalse();
        (await again.Alerts.ClaimAsync(Start + 999, Start + 9_999, 10, static _ => true, Cancellation)).ShouldBeEmpty();
        var claimed = await again.Alerts.ClaimAsync(Start + 1_000, Start + 9_999, 10, static _ => true, Cancellation);
        claimed.ShouldHaveSingleItem().Alert.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task The_due_are_found_and_a_tenant_s_listed_by_an_index()
    {
        await using (_folder.Open(_clock)) { }
        Plan("SELECT tenant, alert FROM alerts WHERE due IS NOT NULL AND due <= 5 ORDER BY due, tenant, alert LIMIT 9")
            .ShouldContain("alerts_due");
        Plan("SELECT body FROM alerts WHERE tenant = 'a' AND (at < 5 OR (at = 5 AND alert > 'b')) "
            + "ORDER BY at DESC, alert LIMIT 9").ShouldContain("alerts_of_tenant");
    }

    private static Alert Alert()
    {
        var tenant = Asks.Bucket("acme").Tenant;
        return new Alert(tenant, AlertId.OfTest(tenant, Start), AlertKind.Test, Start, [1]);
    }

    private string Plan(string sql)
    {
        using var connection = _folder.Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this file's own.
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var plan = "";
        while (reader.Read()) plan += reader.GetString(3) + "\n";
        return plan;
    }
}
