#nullable enable
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>One change of one entity: a request of its own, or a part of a transaction.</summary>
/// <param name="Path">Below the service's address, escaped.</param>
/// <param name="IfMatch">Null asks for nothing: an insert, or an upsert.</param>
/// <param name="Body">The entity as JSON; null for a delete.</param>
internal sealed record EntityOperation(RequestMethod Method, string Path, string? IfMatch, byte[]? Body)
{
    public static EntityOperation Insert(string table, ITableEntity entity) =>
        new(RequestMethod.Post, table, null, EntityJson.Write(entity));

    public static EntityOperation Upsert(string table, ITableEntity entity, TableUpdateMode mode) =>
        new(MethodOf(mode), PathOf(table, entity.PartitionKey, entity.RowKey), null, EntityJson.Write(entity));

    public static EntityOperation Update(string table, ITableEntity entity, ETag ifMatch, TableUpdateMode mode) =>
        Upsert(table, entity, mode) with { IfMatch = Condition(ifMatch) };

    public static EntityOperation Delete(string table, string partitionKey, string rowKey, ETag ifMatch) =>
        new(RequestMethod.Delete, PathOf(table, partitionKey, rowKey), Condition(ifMatch), null);

    public static EntityOperation Of(string table, TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Add => Insert(table, action.Entity),
        TableTransactionActionType.UpdateMerge =>
            Update(table, action.Entity, action.ETag, TableUpdateMode.Merge),
        TableTransactionActionType.UpdateReplace =>
            Update(table, action.Entity, action.ETag, TableUpdateMode.Replace),
        TableTransactionActionType.Delete =>
            Delete(table, action.Entity.PartitionKey, action.Entity.RowKey, action.ETag),
        TableTransactionActionType.UpsertMerge => Upsert(table, action.Entity, TableUpdateMode.Merge),
        TableTransactionActionType.UpsertReplace => Upsert(table, action.Entity, TableUpdateMode.Replace),
        _ => throw new InvalidOperationException($"unknown action {action.ActionType}"),
    };

    public static string PathOf(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    private static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static string Condition(ETag ifMatch) => (ifMatch == default ? ETag.All : ifMatch).ToString();

    private static RequestMethod MethodOf(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
