using System.Buffers.Text;
using Azure.Data.Tables;

namespace Limiter.Tables.Rows;

/// <summary>Parts rows into what one transaction takes: of one partition, few enough and small enough.</summary>
internal static class Batches
{
    /// <summary>The service takes 4 MiB with everything around the rows.</summary>
    public const int BytesMax = 3 * 1024 * 1024;

    // What a row takes besides its binary properties, mostly headers and its keys, written twice.
    private const int RowBytes = 2 * 1024;

    /// <returns>Lists of 1 to <see cref="StoredTable.TransactionMax"/> rows of one partition.</returns>
    public static List<List<TableEntity>> Of(IEnumerable<TableEntity> rows)
    {
        var batches = new List<List<TableEntity>>();
        foreach (var partition in rows.GroupBy(row => row.PartitionKey))
        {
            var (batch, bytes) = (new List<TableEntity>(), 0);
            foreach (var row in partition)
            {
                var more = BytesOf(row);
                if (batch.Count == StoredTable.TransactionMax || (batch.Count > 0 && bytes + more > BytesMax))
                {
                    batches.Add(batch);
                    (batch, bytes) = ([], 0);
                }
                batch.Add(row);
                bytes += more;
            }
            batches.Add(batch);
        }
        return batches;
    }

    private static int BytesOf(TableEntity row) => RowBytes + row.Sum(property =>
        property.Value is byte[] bytes ? Base64.GetMaxEncodedToUtf8Length(bytes.Length) : 0);
}
