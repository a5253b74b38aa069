using System.Runtime.CompilerServices;
using System.Text.Json;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Client;

/// <summary>The entries of a list that a server gives in pages.</summary>
/// <param name="server">Whom to ask.</param>
/// <param name="path">The list, with its query.</param>
/// <param name="items">The member that holds a page's entries.</param>
/// <param name="size">The query that tells a page's size.</param>
internal sealed class Pages(ServerClient server, string path, string items, string size = "limit")
{
    /// <summary>Most entries of one page.</summary>
    public const int SizeMax = 1_000;

    /// <summary>Where the list goes on; null at its end. Known after the enumeration.</summary>
    public string? Next { get; private set; }

    /// <summary>The first page, without its entries' meaning; known after the enumeration began.</summary>
    public JsonElement First { get; private set; }

    /// <summary>At most <paramref name="take"/> entries, those after one if that is given.</summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync(
        long take, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Next = after;
        do
        {
            var page = await PageAsync((int)Math.Min(take, SizeMax), cancellation).ConfigureAwait(false);
            if (First.ValueKind == JsonValueKind.Undefined) First = page;
            var next = page.Text("next") is { Length: > 0 } told ? told : null;
            if (next is not null && next == Next)
                throw new CommandFailedException(ExitCode.Unreachable, $"{path}: the server repeats a page");
            Next = next;
            foreach (var entry in page.Items(items))
            {
                yield return entry;
                take--;
            }
        }
        while (Next is not null && take > 0);
    }

    private async Task<JsonElement> PageAsync(int count, CancellationToken cancellation)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var query = FormattableString.Invariant($"{separator}{size}={count}");
        if (Next is not null) query += "&after=" + Uri.EscapeDataString(Next);
        return (await server.GetAsync(path + query, cancellation).ConfigureAwait(false)).OrFail().Body;
    }
}
