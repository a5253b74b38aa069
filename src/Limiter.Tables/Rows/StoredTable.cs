using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Limiter.Engine.Ports;

namespace Limiter.Tables.Rows;

/// <summary>
/// A table that is made when it is first used. Expected outcomes are values; whatever else goes wrong after the
/// client's retries is a <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class StoredTable(TableClient table)
{
    /// <summary>Most rows of one transaction.</summary>
    public const int TransactionMax = 100;

    /// <summary>The property of a minute's row that tells its minute, in milliseconds since 1970.</summary>
    public const string MinuteName = "Minute";

    private volatile bool _made;

    public string Name => table.Name;

    public Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellation) => RunAsync(
        async () =>
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(
                partition, row, cancellationToken: cancellation).ConfigureAwait(false);
            return found.HasValue ? found.Value : null;
        },
        cancellation);

    /// <summary>Rows of a partition in the ordinal order of their keys, between two keys but not with them.</summary>
    /// <param name="take">Most rows; at least 1.</param>
    public Task<List<TableEntity>> PageAsync(
        string partition, string after, string before, int take, CancellationToken cancellation) => QueryAsync(
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {after} and RowKey lt {before}"),
        take, cancellation);

    /// <summary>Rows of a partition in the ordinal order of their keys.</summary>
    /// <inheritdoc cref="PageAsync"/>
    public Task<List<TableEntity>> RangeAsync(
        string partition, KeyRange rows, int take, CancellationToken cancellation) => QueryAsync(
        TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {rows.First} and RowKey lt {rows.End}"),
        take, cancellation);

    /// <summary>Rows of some partitions, in the ordinal order of the partitions' keys, then of their own.</summary>
    /// <inheritdoc cref="PageAsync"/>
    public Task<List<TableEntity>> RangeAsync(KeyRange partitions, int take, CancellationToken cancellation) =>
        QueryAsync(
            TableClient.CreateQueryFilter(
                $"PartitionKey ge {partitions.First} and PartitionKey lt {partitions.End}"),
            take, cancellation);

    /// <summary>
    /// Of the rows of some partitions, those of some minutes: the service looks at all and sends these.
    /// </summary>
    /// <param name="until">The first that does not count.</param>
    /// <inheritdoc cref="PageAsync"/>
    public Task<List<TableEntity>> MinutesAsync(
        KeyRange partitions, long from, long until, int take, CancellationToken cancellation) => QueryAsync(
        TableClient.CreateQueryFilter($"PartitionKey ge {partitions.First} and PartitionKey lt {partitions.End}")
            + " and " + TableClient.CreateQueryFilter($"Minute ge {from} and Minute lt {until}"),
        take, cancellation);

    /// <summary>The same of one partition, after a row.</summary>
    /// <inheritdoc cref="MinutesAsync(KeyRange, long, long, int, CancellationToken)"/>
    public Task<List<TableEntity>> MinutesAsync(
        string partition, string after, long from, long until, int take, CancellationToken cancellation) =>
        QueryAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {after}")
                + " and " + TableClient.CreateQueryFilter($"Minute ge {from} and Minute lt {until}"),
            take, cancellation);

    public Task<WriteOutcome> AddAsync(TableEntity row, CancellationToken cancellation) =>
        WriteAsync(() => table.AddEntityAsync(row, cancellation), cancellation);

    /// <param name="row">The row as it shall be.</param>
    /// <param name="version">The version that it was made from.</param>
    public Task<WriteOutcome> ReplaceAsync(TableEntity row, ETag version, CancellationToken cancellation) => WriteAsync(
        () => table.UpdateEntityAsync(row, version, TableUpdateMode.Replace, cancellation), cancellation);

    /// <param name="row">The row as it was read.</param>
    public Task<WriteOutcome> DeleteAsync(TableEntity row, CancellationToken cancellation) => WriteAsync(
        () => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellation), cancellation);

    /// <param name="steps">1 to <see cref="TransactionMax"/>, on rows of one partition.</param>
    public Task<WriteOutcome> TransactAsync(
        IReadOnlyCollection<TableTransactionAction> steps, CancellationToken cancellation) => WriteAsync(
        async () => (await table.SubmitTransactionAsync(steps, cancellation).ConfigureAwait(false)).GetRawResponse(),
        cancellation);

    /// <summary>Writes each row in place of what is there: all of them or none.</summary>
    /// <param name="rows">1 to <see cref="TransactionMax"/>, of one partition.</param>
    public async Task UpsertAsync(IReadOnlyCollection<TableEntity> rows, CancellationToken cancellation)
    {
        var steps = rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
        var outcome = await TransactAsync([.. steps], cancellation).ConfigureAwait(false);
        // It asks for no version and no row, so no refusal is an answer to it.
        if (outcome != WriteOutcome.Done)
            throw new StoreUnavailableException($"table {table.Name} of {table.AccountName}: rows are not saved");
    }

    private Task<List<TableEntity>> QueryAsync(string filter, int take, CancellationToken cancellation) => RunAsync(
        async () =>
        {
            var rows = new List<TableEntity>();
            var query = table.QueryAsync<TableEntity>(filter, Math.Min(take, 1_000), cancellationToken: cancellation);
            await foreach (var row in query.ConfigureAwait(false))
            {
                rows.Add(row);
                if (rows.Count == take) break;
            }
            return rows;
        },
        cancellation);

    private Task<WriteOutcome> WriteAsync(Func<Task<Response>> write, CancellationToken cancellation) => RunAsync(
        async () =>
        {
            try
            {
                var response = await write().ConfigureAwait(false);
                return response.Status == 404 ? WriteOutcome.Missing : WriteOutcome.Done;
            }
            catch (RequestFailedException exception) when (Outcome(exception) is { } outcome)
            {
                return outcome;
            }
        },
        cancellation);

    private static WriteOutcome? Outcome(RequestFailedException exception) => exception.Status switch
    {
        409 when exception.ErrorCode == TableErrorCode.EntityAlreadyExists.ToString() => WriteOutcome.Exists,
        412 => WriteOutcome.Changed,
        404 when exception.ErrorCode != TableErrorCode.TableNotFound.ToString() => WriteOutcome.Missing,
        _ => null,
    };

    private async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellation)
    {
        try
        {
            if (!_made)
            {
                await table.CreateIfNotExistsAsync(cancellation).ConfigureAwait(false);
                _made = true;
            }
            return await action().ConfigureAwait(false);
        }
        // Besides the service's refusals: a network's errors, time-outs, and whatever a token's source throws.
        catch (Exception exception) when (exception is not ArgumentException
            && !(exception is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            if (exception is RequestFailedException { Status: 404 }) _made = false;
            throw new StoreUnavailableException(Describe(exception), exception);
        }
    }

    private string Describe(Exception exception)
    {
        var last = exception is AggregateException { InnerExceptions: [.., var inner] } ? inner : exception;
        var reason = last switch
        {
            RequestFailedException { Status: 401 or 403 } =>
                "the storage account refused the credentials: look at the identity's role on it",
            RequestFailedException { Status: 429 or 503 } => "the storage account is busy, or slows this store down",
            RequestFailedException { Status: > 0 } failed =>
                $"the storage account answered {failed.Status} {failed.ErrorCode}",
            OperationCanceledException => "the storage account did not answer in time",
            RequestFailedException failed => $"the storage account cannot be reached: {failed.Message}",
            _ => last.Message,
        };
        return $"table {table.Name} of {table.AccountName}: {reason}";
    }
}
