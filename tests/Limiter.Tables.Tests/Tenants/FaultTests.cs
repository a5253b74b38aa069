using System.Diagnostics;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Limiter.Azurite;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Tenants;

namespace Limiter.Tables.Tests.Tenants;

/// <summary>A service that is slow, busy, away, or whose answers are lost; and what a crash leaves behind.</summary>
public sealed class FaultTests(AzuriteServer azurite) : IDisposable
{
    private readonly string _prefix = AzuriteServer.NewName();
    private readonly Faults _faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TenantId Acme => Records.Tenant("acme");

    public void Dispose() => _faults.Dispose();

    [Fact]
    public async Task A_change_whose_answers_are_lost_takes_effect_once()
    {
        var directory = Open(azurite);
        await directory.FindTenantAsync(Acme, Cancellation);
        // The first answer to every change is lost; the same request comes through when it is sent again.
        var lost = new HashSet<string>();
        _faults.Decide = request => request.Method != HttpMethod.Get
            && lost.Add(request.Headers.GetValues("x-ms-client-request-id").Single()) ? Fault.AnswerLost : null;
        var saved = (await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation)).ShouldNotBeNull();
        saved.Version.ShouldBe(1);
        saved = (await directory.SaveTenantAsync(saved with { Plan = "other" }, null, Cancellation)).ShouldNotBeNull();
        saved.Version.ShouldBe(2);
        var key = Records.Key("acme", "k");
        (await directory.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Added);
        (await directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
        (await directory.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Exists);
        (await directory.PolicyGenerationAsync(new byte[32], Cancellation)).ShouldBe(1);
        (await directory.RemoveKeyAsync(Acme, key.Key, null, Cancellation)).ShouldBeTrue();
        (await directory.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Added);
        (await directory.RemoveTenantAsync(Acme, null, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
        lost.Count.ShouldBeGreaterThan(10);
        (await Rows.CountAsync(azurite, _prefix)).ShouldBe(2, "the counter and the policy");
    }

    [Fact]
    public async Task A_crash_at_any_request_leaves_a_directory_that_another_attempt_repairs()
    {
        for (var crash = 1; ; crash++)
        {
            var (directory, key) = (Open(azurite, retries: 0), Records.Key("acme", "k"));
            var left = crash;
            _faults.Decide = _ => --left < 0 ? Fault.NotSent : null;
            var done = await TryAsync(
                    () => directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation).AsTask())
                && await TryAsync(() => directory.AddKeyAsync(key, null, Cancellation).AsTask())
                && await TryAsync(() => directory.RemoveKeyAsync(Acme, key.Key, null, Cancellation).AsTask())
                && await TryAsync(() => directory.AddKeyAsync(key, null, Cancellation).AsTask())
                && await TryAsync(() => directory.RemoveTenantAsync(Acme, null, null, Cancellation).AsTask());
            _faults.Decide = _ => null;
            await directory.RemoveTenantAsync(Acme, null, null, Cancellation);
            (await directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBeNull($"after request {crash}");
            await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
            (await directory.AddKeyAsync(key, null, Cancellation))
                .ShouldBe(KeyAddition.Added, $"after request {crash}");
            (await directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
            (await directory.RemoveTenantAsync(Acme, null, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
            if (done) break;
            crash.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_and_then_given_up()
    {
        var directory = Open(azurite);
        await directory.FindTenantAsync(Acme, Cancellation);
        var refusals = 2;
        _faults.Decide = _ => refusals-- > 0 ? Fault.Busy : null;
        (await directory.FindTenantAsync(Acme, Cancellation)).ShouldBeNull();
        var before = _faults.Sent;
        _faults.Decide = _ => Fault.Busy;
        var failure = await Should.ThrowAsync<StoreUnavailableException>(
            async () => await directory.FindTenantAsync(Acme, Cancellation));
        failure.Message.ShouldContain("is busy");
        (_faults.Sent - before).ShouldBe(3);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_in_time()
    {
        var directory = Open(azurite);
        _faults.Decide = _ => Fault.NoAnswer;
        var started = Stopwatch.StartNew();
        var failure = await Should.ThrowAsync<StoreUnavailableException>(
            async () => await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation));
        failure.Message.ShouldContain("did not answer in time");
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        var directory = Open(azurite);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _faults.Decide = _ =>
        {
            impatient.Cancel();
            return Fault.NoAnswer;
        };
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await directory.FindTenantAsync(Acme, impatient.Token));
    }

    [Fact]
    public async Task A_service_that_goes_away_and_comes_back_is_used_again()
    {
        await using var own = new AzuriteServer();
        await own.StartAsync();
        var directory = Open(own);
        (await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation)).ShouldNotBeNull();
        await own.StopAsync();
        var started = Stopwatch.StartNew();
        var failure = await Should.ThrowAsync<StoreUnavailableException>(
            async () => await directory.FindTenantAsync(Acme, Cancellation));
        failure.Message.ShouldContain("cannot be reached");
        await Should.ThrowAsync<StoreUnavailableException>(
            async () => await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation));
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await own.StartAsync();
        (await directory.FindTenantAsync(Acme, Cancellation)).ShouldNotBeNull();
        (await directory.SaveTenantAsync(Records.Unsaved("other"), null, Cancellation))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_table_that_somebody_deleted_is_made_again()
    {
        var directory = Open(azurite);
        await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
        await Rows.Table(azurite, _prefix).DeleteAsync(Cancellation);
        await Should.ThrowAsync<StoreUnavailableException>(
            async () => await directory.ListTenantsAsync(null, 10, Cancellation));
        (await directory.ListTenantsAsync(null, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_row_is_named()
    {
        var directory = Open(azurite);
        await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
        await Rows.Table(azurite, _prefix).UpsertEntityAsync(
            new TableEntity(TenantRow.Partition, TenantRow.KeyOf("acme")) { ["Version"] = "seven" },
            TableUpdateMode.Merge,
            Cancellation);
        var failure = await Should.ThrowAsync<RecordFailedException>(
            async () => await directory.FindTenantAsync(Acme, Cancellation));
        failure.Message.ShouldContain("tenants/tenant!acme");
    }

    private static async Task<bool> TryAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private TablesDirectory Open(AzuriteServer server, int retries = 2) => TablesStore.Open(
        server.ConnectionString,
        new TablesStoreOptions
        {
            Prefix = _prefix,
            RetriesMax = retries,
            AttemptTimeout = TimeSpan.FromSeconds(1),
            Transport = new HttpClientTransport(_faults),
        },
        TimeProvider.System).Directory;
}
