using System.Collections;

namespace Azure.Data.Tables;

/// <summary>An entity as a dictionary of its properties. Keys, timestamp and ETag are among them.</summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    internal const string ETagName = "odata.etag";

    private readonly IDictionary<string, object> _properties;

    public TableEntity()
        : this(null)
    {
    }

    public TableEntity(string partitionKey, string rowKey)
        : this(new Dictionary<string, object>())
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values) =>
        _properties = values is null ? new Dictionary<string, object>() : new Dictionary<string, object>(values);

    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _properties[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _properties[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    public ETag ETag
    {
        get => GetString(ETagName) is { } text ? new ETag(text) : default;
        set => _properties[ETagName] = value.ToString();
    }

    public int Count => _properties.Count;

    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <returns>Null for a property that the entity lacks.</returns>
    public object this[string key]
    {
        get => _properties.TryGetValue(key, out var value) ? value : null;
        set => _properties[key] = value;
    }

    public string GetString(string key) => Get(key) is { } value ? (string)As<string>(key, value) : null;

    public BinaryData GetBinaryData(string key) => Get(key) switch
    {
        null => null,
        byte[] bytes => BinaryData.FromBytes(bytes),
        { } value => (BinaryData)As<BinaryData>(key, value),
    };

    public byte[] GetBinary(string key) => Get(key) switch
    {
        null => null,
        BinaryData data => data.ToArray(),
        { } value => (byte[])As<byte[]>(key, value),
    };

    public bool? GetBoolean(string key) => Get(key) is { } value ? (bool)As<bool>(key, value) : null;

    public DateTime? GetDateTime(string key) => Get(key) switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime,
        { } value => (DateTime)As<DateTime>(key, value),
    };

    public DateTimeOffset? GetDateTimeOffset(string key) => Get(key) switch
    {
        null => null,
        DateTime time => new DateTimeOffset(time),
        { } value => (DateTimeOffset)As<DateTimeOffset>(key, value),
    };

    public double? GetDouble(string key) => Get(key) is { } value ? (double)As<double>(key, value) : null;

    public Guid? GetGuid(string key) => Get(key) is { } value ? (Guid)As<Guid>(key, value) : null;

    public int? GetInt32(string key) => Get(key) is { } value ? (int)As<int>(key, value) : null;

    public long? GetInt64(string key) => Get(key) switch
    {
        null => null,
        int value => value,
        { } value => (long)As<long>(key, value),
    };

    public void Add(string key, object value) => _properties.Add(key, value);

    public void Clear() => _properties.Clear();

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool Remove(string key) => _properties.Remove(key);

    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => _properties.Add(item);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        _properties.Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        _properties.CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        _properties.Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() =>
        _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private static object As<T>(string key, object value) => value is T
        ? value
        : throw new InvalidOperationException($"the property {key} is a {value.GetType()}, not a {typeof(T)}");

    private object Get(string key) => _properties.TryGetValue(key, out var value) ? value : null;
}
