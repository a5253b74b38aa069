#nullable enable
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// A query's entities, page by page. The service ends a page at 1,000 entities, after 5 seconds, or at a partition's
/// end, and an empty page may have another behind it: only missing continuation headers end a query.
/// </summary>
internal sealed class EntityPages<T>(
    TableService service,
    string table,
    string? filter,
    int? maxPerPage,
    IEnumerable<string>? select,
    CancellationToken cancellation)
    : AsyncPageable<T>(cancellation)
    where T : class, ITableEntity
{
    private const string NextPartitionHeader = "x-ms-continuation-NextPartitionKey";
    private const string NextRowHeader = "x-ms-continuation-NextRowKey";

    private readonly string? _select = select is null ? null : string.Join(',', select);

    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        ReadPages(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        await foreach (var page in ReadPages(null, maxPerPage, both.Token).ConfigureAwait(false))
            foreach (var entity in page.Values)
                yield return entity;
    }

    private async IAsyncEnumerable<Page<T>> ReadPages(
        string? token, int? size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            var page = await ReadPageAsync(token, size, cancellation).ConfigureAwait(false);
            yield return page;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    private async Task<Page<T>> ReadPageAsync(string? token, int? size, CancellationToken cancellation)
    {
        // The service encodes both keys without spaces, so a space can part them.
        var next = token?.Split(' ', 2);
        var response = await service.QueryAsync(
            $"{table}()",
            [
                ("$filter", filter),
                ("$top", size?.ToString(CultureInfo.InvariantCulture)),
                ("$select", _select),
                ("NextPartitionKey", next is [{ Length: > 0 } partition, ..] ? partition : null),
                ("NextRowKey", next is [_, { Length: > 0 } row] ? row : null),
            ],
            cancellation).ConfigureAwait(false);
        if (response.Status != 200) throw ServiceErrors.From(response);
        using var json = JsonDocument.Parse(response.Content);
        var entities = json.RootElement.GetProperty("value").EnumerateArray()
            .Select(entity => EntityProperties.Make<T>(EntityJson.Read(entity)))
            .ToList();
        return Page<T>.FromValues(entities, Continuation(response), response);
    }

    private static string? Continuation(Response response)
    {
        response.Headers.TryGetValue(NextPartitionHeader, out var partition);
        response.Headers.TryGetValue(NextRowHeader, out var row);
        return partition is null && row is null ? null : $"{partition} {row}";
    }
}
