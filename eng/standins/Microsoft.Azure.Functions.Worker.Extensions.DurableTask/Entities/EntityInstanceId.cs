namespace Microsoft.DurableTask.Entities;

public readonly record struct EntityInstanceId
{
    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('@', StringComparison.Ordinal))
            throw new ArgumentException("entity names may not contain `@` characters.", nameof(name));
        ArgumentNullException.ThrowIfNull(key);
        Name = name.ToLowerInvariant();
        Key = key;
    }

    public string Name { get; }

    public string Key { get; }

    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var at = instanceId.IndexOf('@', 1);
        if (at <= 0 || instanceId[0] != '@')
            throw new ArgumentException($"Instance ID '{instanceId}' is not a valid entity ID.", nameof(instanceId));
        return new EntityInstanceId(instanceId[1..at], instanceId[(at + 1)..]);
    }

    public override string ToString() => $"@{Name}@{Key}";
}
