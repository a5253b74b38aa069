using System.Globalization;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Client.Remote;

/// <summary>
/// Where this process's counts go: the limiter's <c>POST /v1/rows</c>. They give way to what checks wait for.
/// </summary>
/// <param name="calls">The way there.</param>
/// <param name="onFailure">Told of a row that the limiter will never take.</param>
internal sealed class RemoteRows(RemoteCalls calls, Action<Exception> onFailure) : IUsageRows
{
    /// <summary>Most rows of one call.</summary>
    public const int RowsMax = 256;

    /// <summary>Most bytes of one call's sheets, before base64.</summary>
    public const int SheetBytesMax = 36 * 1024;

    private readonly Uri _address = calls.At("v1/rows");

    public async ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        var batch = new List<(UsageRow Row, byte[] Sheet)>();
        var bytes = 0;
        foreach (var row in rows)
        {
            // A sheet that no call could carry is told as its total.
            var sheet = UsageCodec.Encode(row.Sheet, SheetBytesMax);
            if (batch.Count == RowsMax || (batch.Count > 0 && bytes + sheet.Length + 100 > SheetBytesMax))
            {
                if (await SendAsync(batch, cancellation).ConfigureAwait(false) is { } failed) throw Unsaved(failed);
                batch.Clear();
                bytes = 0;
            }
            batch.Add((row, sheet));
            bytes += sheet.Length + 100;
        }
        if (batch.Count > 0 && await SendAsync(batch, cancellation).ConfigureAwait(false) is { } failure)
            throw Unsaved(failure);
    }

    private static StoreUnavailableException Unsaved(RemoteException failure) => new(failure.Message, failure);

    // Null: they are saved, or will never be.
    private async Task<RemoteException?> SendAsync(
        List<(UsageRow Row, byte[] Sheet)> batch, CancellationToken cancellation)
    {
        await calls.Pace.GiveWayAsync(batch.Count, cancellation).ConfigureAwait(false);
        using var saved = await CallAsync(batch, cancellation).ConfigureAwait(false);
        if (saved.Failure is not { IsRefusal: true } refused) return saved.Failure;
        if (batch.Count > 1)
        {
            // One that is refused shall not hold up the others.
            var half = batch.Count / 2;
            return await SendAsync(batch[..half], cancellation).ConfigureAwait(false)
                ?? await SendAsync(batch[half..], cancellation).ConfigureAwait(false);
        }
        var row = batch[0].Row;
        onFailure(new InvalidOperationException(
            $"The counts of '{row.Tenant}' in {row.Minute} are dropped: {refused.Message}", refused));
        return null;
    }

    private Task<CallResult> CallAsync(
        List<(UsageRow Row, byte[] Sheet)> batch, CancellationToken cancellation) =>
        calls.PostAsync(_address, json =>
        {
            json.WriteString("edge"u8, batch[0].Row.Writer.Edge.ToString());
            json.WriteStartObject("rows"u8);
            foreach (var (row, sheet) in batch)
            {
                json.WriteStartObject(row.Writer.Encode());
                if (row.Tenant != default(TenantId)) json.WriteString("tenant"u8, row.Tenant.Text);
                json.WriteString("minute"u8, row.Minute.ToDateTimeOffset()
                    .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                json.WriteNumber("revision"u8, row.Revision);
                json.WriteBase64String("sheet"u8, sheet);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }, cancellation);
}
