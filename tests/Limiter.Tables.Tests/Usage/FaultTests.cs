using System.Diagnostics;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Limiter.Azurite;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Usage;

namespace Limiter.Tables.Tests.Usage;

/// <summary>A service that is slow, busy, away, or whose answers are lost; and saves that break off half-way.</summary>
public sealed class FaultTests(AzuriteServer azurite) : IDisposable
{
    private readonly string _prefix = AzuriteServer.NewName();
    private readonly Faults _faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _faults.Dispose();

    [Fact]
    public async Task A_save_whose_answers_are_lost_takes_effect_once()
    {
        var usage = await OpenAsync();
        LoseFirstAnswers();
        await usage.SaveRowsAsync([Row("acme", 7), Row("beta", 8), Row("", 9)], Cancellation);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldBe(
            new Dictionary<string, long> { ["acme"] = 7, ["beta"] = 8, [""] = 9 }, ignoreOrder: true);
        var late = await usage.ListLateAsync(10, Cancellation);
        late.Count.ShouldBe(3);
        foreach (var one in late) await usage.ForgetLateAsync(one, Cancellation);
        (await usage.ListLateAsync(10, Cancellation)).ShouldBeEmpty();
        await usage.SaveProgressAsync(UsageGrain.Hour, Sheets.Hour.Start, Cancellation);
        await usage.SaveProgressAsync(UsageGrain.Hour, Sheets.Hour.End, Cancellation);
        (await usage.ProgressAsync(UsageGrain.Hour, Cancellation)).ShouldBe(Sheets.Hour.End);
        (await CountAsync()).ShouldBe(4, "three rows and the progress");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_later_state_of_a_row_that_comes_between_a_look_and_a_write_stays(int revision)
    {
        var (usage, other) = (await OpenAsync(), await OpenAsync());
        var isFirst = true;
        _faults.Before = async request =>
        {
            if (request.Method == HttpMethod.Get || !isFirst) return;
            isFirst = false;
            await other.SaveRowsAsync([Row("acme", 9) with { Revision = 3 }], Cancellation);
        };
        await usage.SaveRowsAsync([Row("acme", 8) with { Revision = revision }, Row("beta", 5)], Cancellation);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldBe(
            new Dictionary<string, long> { ["acme"] = 9, ["beta"] = 5 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_total_whose_answer_was_lost_is_told_as_there_already_and_is_the_one_that_was_sent()
    {
        var usage = await OpenAsync();
        LoseFirstAnswers();
        (await usage.AddTotalsAsync([Sheets.Total("acme", 5)], Cancellation))
            .ShouldHaveSingleItem().ShouldBe(Sheets.Tenant("acme"));
        var found = await Sheets.FindTotalAsync(usage, "acme");
        found.Total.Sheet.Total.Cost.ShouldBe(5);
        (await usage.ReplaceTotalAsync(Sheets.Total("acme", 6), found.Version, Cancellation)).ShouldBeFalse();
        (await Sheets.FindTotalAsync(usage, "acme")).Total.Sheet.Total.Cost.ShouldBe(6);
    }

    [Fact]
    public async Task A_save_that_breaks_off_at_any_request_is_made_whole_by_another()
    {
        var tenants = Sheets.Tenants(40).ToArray();
        var whole = tenants.ToDictionary(tenant => tenant, tenant => (long)tenant.Length);
        UsageRow[] rows = [.. tenants.Select(tenant => Row(tenant, tenant.Length))];
        for (var crash = 0; ; crash++)
        {
            var usage = await OpenAsync(AzuriteServer.NewName(), retries: 0);
            var left = crash;
            _faults.Decide = _ => Interlocked.Decrement(ref left) < 0 ? Fault.NotSent : null;
            var done = await TryAsync(() => usage.SaveRowsAsync(rows, Cancellation).AsTask());
            _faults.Decide = _ => null;
            if (!done) await usage.SaveRowsAsync(rows, Cancellation);
            (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldBe(whole, ignoreOrder: true);
            (await usage.ListLateAsync(100, Cancellation)).Count.ShouldBe(tenants.Length, $"after request {crash}");
            if (done) break;
            crash.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task Totals_whose_addition_breaks_off_at_any_request_are_all_there_after_another()
    {
        var tenants = Sheets.Tenants(40).ToArray();
        UsageTotal[] totals = [.. tenants.Select(tenant => Sheets.Total(tenant, 2))];
        for (var crash = 0; ; crash++)
        {
            var usage = await OpenAsync(AzuriteServer.NewName(), retries: 0);
            // One that is there makes its transaction fall apart, so single additions break off too.
            await usage.AddTotalsAsync([Sheets.Total(tenants[0], 1)], Cancellation);
            var left = crash;
            _faults.Decide = _ => Interlocked.Decrement(ref left) < 0 ? Fault.NotSent : null;
            var done = await TryAsync(() => usage.AddTotalsAsync(totals, Cancellation).AsTask());
            _faults.Decide = _ => null;
            var there = await usage.AddTotalsAsync(totals, Cancellation);
            there.ShouldContain(Sheets.Tenant(tenants[0]));
            (await Sheets.CostsAsync(usage, Sheets.Hour.In(UsageGrain.Day))).ShouldBe(
                tenants.ToDictionary(tenant => tenant, tenant => tenant == tenants[0] ? 1L : 2), ignoreOrder: true);
            if (done) break;
            crash.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_and_then_given_up()
    {
        var usage = await OpenAsync();
        var refusals = 2;
        _faults.Decide = _ => refusals-- > 0 ? Fault.Busy : null;
        await usage.SaveRowsAsync([Row("acme", 7)], Cancellation);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldHaveSingleItem().Value.ShouldBe(7);
        var before = _faults.Sent;
        _faults.Decide = _ => Fault.Busy;
        var failure = await Should.ThrowAsync<StoreUnavailableException>(
            async () => await usage.SaveRowsAsync([Row("acme", 8)], Cancellation));
        failure.Message.ShouldContain("is busy");
        (_faults.Sent - before).ShouldBe(3);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_in_time()
    {
        var usage = await OpenAsync();
        _faults.Decide = _ => Fault.NoAnswer;
        var started = Stopwatch.StartNew();
        var failure = await Should.ThrowAsync<StoreUnavailableException>(
            async () => await usage.SaveRowsAsync([Row("acme", 7)], Cancellation));
        failure.Message.ShouldContain("did not answer in time");
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        var usage = await OpenAsync();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _faults.Decide = _ =>
        {
            impatient.Cancel();
            return Fault.NoAnswer;
        };
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await usage.SaveRowsAsync([Row("acme", 7)], impatient.Token));
    }

    [Fact]
    public async Task A_table_that_somebody_deleted_is_made_again()
    {
        var usage = await OpenAsync();
        await Table().DeleteAsync(Cancellation);
        await Should.ThrowAsync<StoreUnavailableException>(
            async () => await usage.SaveRowsAsync([Row("acme", 7)], Cancellation));
        await usage.SaveRowsAsync([Row("acme", 7)], Cancellation);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldHaveSingleItem().Value.ShouldBe(7);
    }

    private static UsageRow Row(string tenant, long cost) => Sheets.Row(tenant, Sheets.Hour.Start, Sheets.Of(cost));

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

    // The first answer to every change is lost; the same request comes through when it is sent again.
    private void LoseFirstAnswers()
    {
        var lost = new HashSet<string>();
        _faults.Decide = request =>
        {
            lock (lost)
                return request.Method != HttpMethod.Get
                    && lost.Add(request.Headers.GetValues("x-ms-client-request-id").Single()) ? Fault.AnswerLost : null;
        };
    }

    private TableClient Table() => new(azurite.ConnectionString, _prefix + "usage");

    private async Task<int> CountAsync()
    {
        var count = 0;
        await foreach (var row in Table().QueryAsync<TableEntity>(cancellationToken: Cancellation)) count++;
        return count;
    }

    /// <summary>A store whose table is there, so that the next request is the first of what is tested.</summary>
    private async Task<TablesUsage> OpenAsync(string? prefix = null, int retries = 2)
    {
        var usage = TablesStore.Open(
            azurite.ConnectionString,
            new TablesStoreOptions
            {
                Prefix = prefix ?? _prefix,
                RetriesMax = retries,
                AttemptTimeout = TimeSpan.FromSeconds(1),
                Transport = new HttpClientTransport(_faults),
            },
            // The hour is long past by it, so that every row is late.
            TimeProvider.System).Usage;
        await usage.ProgressAsync(UsageGrain.Hour, Cancellation);
        return usage;
    }
}
