namespace Azure.Data.Tables;

/// <summary>What every entity of a table has.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    /// <summary>When the service last stored the entity; set by the service.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version that the service gave the entity; set by the service.</summary>
    ETag ETag { get; set; }
}
