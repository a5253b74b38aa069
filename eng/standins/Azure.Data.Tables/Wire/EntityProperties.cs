#nullable enable
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables.Wire;

/// <summary>The properties of an entity by name: a dictionary's pairs, or the public properties of a class.</summary>
internal static class EntityProperties
{
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> Known = new();

    public static IEnumerable<KeyValuePair<string, object?>> Of(ITableEntity entity) =>
        entity is IDictionary<string, object?> pairs
            ? pairs
            : Members(entity.GetType()).Select(member => KeyValuePair.Create(
                member.Name,
                member.Property.GetValue(entity)));

    public static T Make<T>(IDictionary<string, object> properties)
        where T : class, ITableEntity
    {
        if (typeof(T) == typeof(TableEntity)) return (T)(object)new TableEntity(properties);
        var entity = Activator.CreateInstance<T>();
        foreach (var (name, property) in Members(typeof(T)))
            if (properties.TryGetValue(name, out var value))
                property.SetValue(entity, Convert(value, property.PropertyType));
        if (properties.TryGetValue(TableEntity.ETagName, out var etag)) entity.ETag = new ETag((string)etag);
        return entity;
    }

    private static (string Name, PropertyInfo Property)[] Members(Type type) => Known.GetOrAdd(type, static type =>
    [
        .. from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
           where property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0
               && property.PropertyType != typeof(ETag)
               && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null
           select (property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name, property),
    ]);

    private static object Convert(object value, Type wanted)
    {
        var type = Nullable.GetUnderlyingType(wanted) ?? wanted;
        return value switch
        {
            string text when type.IsEnum => Enum.Parse(type, text),
            int number when type == typeof(long) => (long)number,
            int number when type == typeof(double) => (double)number,
            DateTimeOffset time when type == typeof(DateTime) => time.UtcDateTime,
            byte[] bytes when type == typeof(BinaryData) => BinaryData.FromBytes(bytes),
            _ => value,
        };
    }
}
