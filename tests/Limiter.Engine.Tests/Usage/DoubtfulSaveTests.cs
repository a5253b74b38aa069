using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>A save without an answer may take effect at any time, after later ones too.</summary>
public sealed class DoubtfulSaveTests
{
    [Fact]
    public async Task A_save_that_arrives_after_a_later_one_takes_nothing_back()
    {
        await using var edges = await OfAcmeAsync();
        await edges.AdmittedAsync(2, Edges.Get("acme", cost: 2));
        await FailAsync(edges);
        await edges.AdmittedAsync(3, Edges.Get("acme", cost: 3));
        edges.Usage.Delays = false;
        await edges.Tally().SaveAsync(Edges.Tenant("acme"), default);
        await edges.Usage.ArriveAsync();
        (await TotalAsync(edges)).ShouldBe(new UsageCounts(5, 0, 0, 0, 13));
    }

    [Fact]
    public async Task However_many_saves_arrive_in_whatever_order_each_check_counts_once()
    {
        await using var edges = await OfAcmeAsync();
        for (var i = 0; i < 5; i++)
        {
            await edges.AdmittedAsync(1, Edges.Get("acme"));
            await FailAsync(edges);
            edges.Usage.Delays = false;
            await edges.AdmittedAsync(1, Edges.Get("acme"));
            await edges.Tally().SaveAsync(Edges.Tenant("acme"), default);
        }
        (await TotalAsync(edges)).Allowed.ShouldBe(10);
        await edges.Usage.ArriveAsync();
        (await TotalAsync(edges)).Allowed.ShouldBe(10);
    }

    [Fact]
    public async Task What_is_counted_while_a_save_fails_is_saved_once_with_its_limits_and_corrections()
    {
        await using var edges = await OfAcmeAsync("small");
        var first = await edges.CheckAsync(Edges.Get("acme", cost: 6));
        edges.Usage.WhileSaving = async () =>
        {
            edges.Usage.WhileSaving = null;
            await edges[0].ChargeAsync(AdmittedCheck.Of(first), 5, default);
            await edges.AdmittedAsync(1, Edges.Get("acme", cost: 4));
            for (var i = 0; i < 3; i++) await edges.CheckAsync(Edges.Get("acme", cost: 3));
        };
        await FailAsync(edges);
        edges.Usage.Delays = false;
        await edges.Tally().SaveAsync(Edges.Tenant("acme"), default);
        await edges.Usage.ArriveAsync();
        var rows = await RowsAsync(edges);
        UsageSheet.Sum(rows.Select(row => row.Sheet)).Total.ShouldBe(new UsageCounts(2, 3, 0, 0, 9));
        rows.SelectMany(row => row.Sheet.Lines).SelectMany(line => line.DeniedBy)
            .ShouldBe([new DeniedBy("minute", 3)]);
    }

    [Fact]
    public async Task A_store_that_answers_nothing_for_hours_leaves_no_more_rows_than_memory_holds()
    {
        await using var edges = await OfAcmeAsync();
        edges.Usage.Delays = true;
        for (var minute = 0; minute < 120; minute++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await edges.AdvanceAsync(60_000);
        }
        edges.Usage.Delays = false;
        await edges.Usage.ArriveAsync();
        await edges.Tally().CloseAsync(default);
        await edges.Usage.ArriveAsync();
        var rows = await RowsAsync(edges);
        rows.Sum(row => row.Sheet.Total.Allowed).ShouldBe(120);
        rows.Count.ShouldBeLessThanOrEqualTo(UsageTally.MinutesMax);
    }

    [Fact]
    public async Task Readers_that_go_away_while_it_is_saved_leave_one_row()
    {
        await using var edges = await OfAcmeAsync();
        for (var i = 0; i < 20; i++)
        {
            await edges.AdmittedAsync(1, Edges.Get("acme"));
            using var reader = new CancellationTokenSource();
            var gone = new TaskCompletionSource();
            edges.Usage.WhileSaving = () => gone.Task;
            var saving = edges.Tally().SaveAsync(Edges.Tenant("acme"), reader.Token);
            await reader.CancelAsync();
            gone.SetResult();
            await Should.ThrowAsync<OperationCanceledException>(() => saving);
        }
        edges.Usage.WhileSaving = null;
        await edges.Tally().SaveAsync(Edges.Tenant("acme"), default);
        (await RowsAsync(edges)).ShouldHaveSingleItem().Sheet.Total.Allowed.ShouldBe(20);
    }

    private static async Task<Edges> OfAcmeAsync(string plan = "big")
    {
        var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", plan);
        return edges;
    }

    private static async Task FailAsync(Edges edges)
    {
        edges.Usage.Delays = true;
        await Should.ThrowAsync<StoreUnavailableException>(
            () => edges.Tally().SaveAsync(Edges.Tenant("acme"), default));
    }

    private static async Task<UsageCounts> TotalAsync(Edges edges) =>
        UsageSheet.Sum((await RowsAsync(edges)).Select(row => row.Sheet)).Total;

    private static async Task<IReadOnlyList<UsageRow>> RowsAsync(Edges edges) => (await edges.Usage.ListRowsAsync(
        Edges.Tenant("acme"), Instant.From(Edges.Start), edges.Now + 1, null, IUsageStore.PageMax, default)).Items;
}
