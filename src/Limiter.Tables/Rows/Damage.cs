using Azure.Data.Tables;
using Limiter.Engine.Ports;

namespace Limiter.Tables.Rows;

/// <summary>Reads rows that somebody may have spoiled.</summary>
internal static class Damage
{
    /// <exception cref="RecordFailedException">A property is missing, or not what it should be.</exception>
    public static T Guard<T>(TableEntity row, Func<TableEntity, T> read)
    {
        try
        {
            return read(row);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            throw new RecordFailedException(
                $"the row {row.PartitionKey}/{row.RowKey} cannot be read: {exception.Message}", exception);
        }
    }

    public static string Text(this TableEntity row, string property) =>
        row.GetString(property) ?? throw Missing(property);

    public static long Number(this TableEntity row, string property) =>
        row.GetInt64(property) ?? throw Missing(property);

    public static byte[] Bytes(this TableEntity row, string property) =>
        row.GetBinary(property) ?? throw Missing(property);

    private static FormatException Missing(string property) => new($"{property} is missing");
}
