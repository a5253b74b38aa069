using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>One table.</summary>
public class TableClient
{
    private readonly TableService _service;

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <exception cref="InvalidOperationException">The connection string cannot be used.</exception>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(Connect(ConnectionText.Parse(connectionString), options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    public TableClient(
        Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableServiceClient.Signed(endpoint, credential, options), tableName)
    {
    }

    public TableClient(
        Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableServiceClient.WithToken(endpoint, tokenCredential, options), tableName)
    {
    }

    internal TableClient(TableService service, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _service = service;
        Name = tableName;
    }

    protected TableClient()
    {
    }

    public virtual string AccountName => _service.AccountName;

    public virtual string Name { get; }

    public virtual Uri Uri => new(_service.Endpoint + Name);

    public static string CreateQueryFilter(FormattableString filter) => FilterText.Create(filter);

    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { TableName = Name });
        var operation = new EntityOperation(RequestMethod.Post, "Tables", null, body);
        var response = await SendAsync(operation, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(Name), response);
    }

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await CreateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == TableErrorCode.TableAlreadyExists)
        {
            return Response.FromValue(new TableItem(Name), exception.GetRawResponse());
        }
    }

    /// <summary>Deletes the table; no error when there is none.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) => SendAsync(
        new EntityOperation(RequestMethod.Delete, $"Tables('{Name}')", null, null), cancellationToken, missing: true);

    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        SendAsync(EntityOperation.Insert(Name, entity), cancellationToken);

    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        SendAsync(EntityOperation.Upsert(Name, entity, mode), cancellationToken);

    /// <param name="ifMatch">The version that the table must hold; <see cref="ETag.All"/> is any.</param>
    public virtual Task<Response> UpdateEntityAsync<T>(
        T entity,
        ETag ifMatch,
        TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default) throw new ArgumentException("an update names a version", nameof(ifMatch));
        return SendAsync(EntityOperation.Update(Name, entity, ifMatch, mode), cancellationToken);
    }

    /// <summary>Deletes an entity; the response's status is 404 when there is none.</summary>
    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);

    /// <inheritdoc cref="DeleteEntityAsync(ITableEntity, ETag, CancellationToken)"/>
    public virtual Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        SendAsync(EntityOperation.Delete(Name, partitionKey, rowKey, ifMatch), cancellationToken, missing: true);

    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var found = await FindAsync<T>(partitionKey, rowKey, select, cancellationToken).ConfigureAwait(false);
        return found.HasValue
            ? Response.FromValue(found.Value, found.GetRawResponse())
            : throw ServiceErrors.From(found.GetRawResponse());
    }

    public virtual Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        FindAsync<T>(partitionKey, rowKey, select, cancellationToken);

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null,
        int? maxPerPage = null,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new EntityPages<T>(_service, Name, filter, maxPerPage, select, cancellationToken);

    /// <summary>All steps take effect or none; all are about one partition.</summary>
    /// <exception cref="TableTransactionFailedException">A step was refused.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var operations = transactionActions.Select(action => EntityOperation.Of(Name, action)).ToArray();
        if (operations.Length == 0) throw new InvalidOperationException("a transaction has at least one step");
        var body = new TransactionBody(operations);
        var reply = await _service.TransactAsync(body, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 202) throw ServiceErrors.From(reply);
        var parts = TransactionReply.Read(reply);
        if (parts.Find(part => part.IsError) is { } failed)
            throw new TableTransactionFailedException(ServiceErrors.From(failed));
        return Response.FromValue<IReadOnlyList<Response>>(parts, reply);
    }

    private static TableService Connect(ConnectionText connection, TableClientOptions options) =>
        TableServiceClient.Signed(connection.Endpoint, connection.Credential, options);

    private async Task<NullableResponse<T>> FindAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var columns = select is null ? null : string.Join(',', select);
        var response = await _service.QueryAsync(
            EntityOperation.PathOf(Name, partitionKey, rowKey), [("$select", columns)], cancellationToken)
            .ConfigureAwait(false);
        if (response.Status == 404) return new FoundEntity<T>(null, response);
        if (response.Status != 200) throw ServiceErrors.From(response);
        using var json = JsonDocument.Parse(response.Content);
        var properties = EntityJson.Read(json.RootElement);
        if (response.Headers.ETag is { } etag) properties[TableEntity.ETagName] = etag.ToString();
        return new FoundEntity<T>(EntityProperties.Make<T>(properties), response);
    }

    private async Task<Response> SendAsync(
        EntityOperation operation, CancellationToken cancellationToken, bool missing = false)
    {
        var response = await _service.SendAsync(operation, cancellationToken).ConfigureAwait(false);
        return response.Status is >= 200 and < 300 || (missing && response.Status == 404)
            ? response
            : throw ServiceErrors.From(response);
    }
}
