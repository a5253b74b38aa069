namespace Microsoft.DurableTask.Client.Entities;

public record EntityQuery
{
    public const int DefaultPageSize = 100;

    public string? InstanceIdStartsWith
    {
        get;
        init
        {
            if (value is null) return;
            var prefix = value.StartsWith('@') ? value : "@" + value;
            var at = prefix.IndexOf('@', 1);
            field = at < 0 ? prefix.ToLowerInvariant() : prefix[..at].ToLowerInvariant() + prefix[at..];
        }
    }

    public DateTimeOffset? LastModifiedFrom { get; init; }

    public DateTimeOffset? LastModifiedTo { get; init; }

    public bool IncludeState { get; init; } = true;

    public bool IncludeTransient { get; init; }

    public int? PageSize { get; init; }

    public string? ContinuationToken { get; init; }
}
