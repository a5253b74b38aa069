using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Limiter.Azurite;

namespace Limiter.Tables.Tests.Client;

/// <summary>The client against a real service: transactions, queries and pages.</summary>
public sealed class TransactionTests(AzuriteServer azurite) : ClientTests(azurite)
{
    [Fact]
    public async Task Every_kind_of_step_takes_effect()
    {
        foreach (var row in new[] { "merged", "replaced", "deleted" })
            await Table.AddEntityAsync(new TableEntity("p", row) { ["A"] = 1, ["B"] = 1 }, Cancellation);
        var etag = (await FindAsync("replaced"))!.ETag;
        var responses = (await Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("added")),
                new(TableTransactionActionType.UpdateMerge, Row("merged"), ETag.All),
                new(TableTransactionActionType.UpdateReplace, Row("replaced"), etag),
                new(TableTransactionActionType.Delete, Row("deleted")),
                new(TableTransactionActionType.UpsertMerge, Row("upserted 1")),
                new(TableTransactionActionType.UpsertReplace, Row("upserted's \"é\" 2")),
            ],
            Cancellation)).Value;
        responses.Select(response => response.Status).ShouldBe([204, 204, 204, 204, 204, 204]);
        responses[0].Headers.ETag!.Value.ShouldBe((await FindAsync("added"))!.ETag);
        var (merged, replaced) = ((await FindAsync("merged"))!, (await FindAsync("replaced"))!);
        (merged.GetInt32("A"), merged.GetInt32("B")).ShouldBe((1, 2));
        (replaced.GetInt32("A"), replaced.GetInt32("B")).ShouldBe((null, 2));
        (await FindAsync("deleted")).ShouldBeNull();
        (await FindAsync("upserted 1")).ShouldNotBeNull();
        (await FindAsync("upserted's \"é\" 2"))!.GetString("T").ShouldBe("--é \r\n\r\n--");
    }

    [Fact]
    public async Task All_steps_take_effect_or_none()
    {
        await Table.AddEntityAsync(Row("there"), Cancellation);
        var failure = await Should.ThrowAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("first")),
                new(TableTransactionActionType.Add, Row("there")),
                new(TableTransactionActionType.Add, Row("last")),
            ],
            Cancellation));
        failure.Status.ShouldBe(409);
        failure.ErrorCode.ShouldBe(TableErrorCode.EntityAlreadyExists.ToString());
        failure.FailedTransactionActionIndex.ShouldBe(1);
        (await FindAsync("first")).ShouldBeNull();
        (await FindAsync("last")).ShouldBeNull();
    }

    [Fact]
    public async Task A_transaction_from_an_old_version_is_refused_whole()
    {
        var old = (await Table.AddEntityAsync(Row("r"), Cancellation)).Headers.ETag!.Value;
        await Table.UpsertEntityAsync(Row("r"), TableUpdateMode.Replace, Cancellation);
        var failure = await Should.ThrowAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("new")),
                new(TableTransactionActionType.UpdateReplace, Row("r"), old),
            ],
            Cancellation));
        failure.Status.ShouldBe(412);
        (await FindAsync("new")).ShouldBeNull();
    }

    [Fact]
    public async Task A_query_reads_on_past_the_thousand_entities_of_a_page()
    {
        const int Rows = 2_350;
        foreach (var part in Enumerable.Range(0, Rows).Select(Name).Chunk(100))
            await Table.SubmitTransactionAsync(
                part.Select(row => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity("p", row))),
                Cancellation);
        await Table.AddEntityAsync(new TableEntity("q", "other"), Cancellation);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {"p"}");
        var all = await ReadAsync(Table.QueryAsync<TableEntity>(filter, null, null, Cancellation));
        all.Select(row => row.RowKey).ShouldBe(Enumerable.Range(0, Rows).Select(Name));
        var pages = await ReadAsync(Table.QueryAsync<TableEntity>(filter, 1_000, null, Cancellation).AsPages());
        pages.Select(page => page.Values.Count).ShouldBe([1_000, 1_000, 350]);
        var rest = await ReadAsync(Table.QueryAsync<TableEntity>(filter).AsPages(pages[0].ContinuationToken, 800));
        rest.SelectMany(page => page.Values).Select(row => row.RowKey)
            .ShouldBe(Enumerable.Range(1_000, Rows - 1_000).Select(Name));
    }

    [Fact]
    public async Task A_filter_compares_every_type()
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var guid = new Guid("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
        await Table.AddEntityAsync(
            new TableEntity("p", "r")
            {
                ["S"] = "o'clock", ["I"] = 5, ["L"] = 5_000_000_000, ["D"] = 1.25, ["B"] = true,
                ["T"] = time, ["G"] = guid,
            },
            Cancellation);
        FormattableString[] holding =
        [
            $"S eq {"o'clock"}", $"I ge {5}", $"L gt {4_999_999_999}", $"D lt {1.5}", $"B eq {true}",
            $"T le {time}", $"G eq {guid}", $"not (I eq {6}) and (S eq {"x"} or I eq {5})",
        ];
        foreach (var filter in holding)
        {
            var text = TableClient.CreateQueryFilter(filter);
            (await ReadAsync(Table.QueryAsync<TableEntity>(text, null, null, Cancellation))).Count.ShouldBe(1, text);
        }
        var none = TableClient.CreateQueryFilter($"S lt {"o'clock"} or I ne {5}");
        (await ReadAsync(Table.QueryAsync<TableEntity>(none, null, null, Cancellation))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_is_made_once_and_may_be_missing()
    {
        await Table.CreateIfNotExistsAsync(Cancellation);
        await Table.DeleteAsync(Cancellation);
        (await Table.DeleteAsync(Cancellation)).Status.ShouldBe(404);
        var failure = await Should.ThrowAsync<RequestFailedException>(
            () => Table.AddEntityAsync(Row("r"), Cancellation));
        failure.ErrorCode.ShouldBe(TableErrorCode.TableNotFound.ToString());
    }

    private static string Name(int row) => row.ToString("d5", CultureInfo.InvariantCulture);

    private static TableEntity Row(string name) => new("p", name) { ["B"] = 2, ["T"] = "--é \r\n\r\n--" };

    private async Task<TableEntity?> FindAsync(string row)
    {
        var found = await Table.GetEntityIfExistsAsync<TableEntity>("p", row, null, Cancellation);
        return found.HasValue ? found.Value : null;
    }
}
