#nullable enable
using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// A transaction as the service reads it: a multipart body whose only part is a change set, a multipart body whose
/// parts are HTTP requests.
/// </summary>
internal sealed class TransactionBody(IReadOnlyList<EntityOperation> operations)
{
    private readonly string _batch = $"batch_{Guid.NewGuid()}";
    private readonly string _changes = $"changeset_{Guid.NewGuid()}";

    public string ContentType => $"multipart/mixed; boundary={_batch}";

    public byte[] Write(TableService service)
    {
        using var body = new MemoryStream();
        Text(body, $"--{_batch}\r\nContent-Type: multipart/mixed; boundary={_changes}\r\n\r\n");
        foreach (var operation in operations)
        {
            Text(body, $"--{_changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            Text(body, $"{operation.Method} {service.Endpoint}{operation.Path} HTTP/1.1\r\n");
            foreach (var (name, value) in TableService.OperationHeaders(operation)) Text(body, $"{name}: {value}\r\n");
            if (operation.Body is { } content)
            {
                var length = content.Length.ToString(CultureInfo.InvariantCulture);
                Text(body, $"Content-Length: {length}\r\n\r\n");
                body.Write(content);
                Text(body, "\r\n");
            }
            else
            {
                Text(body, "\r\n\r\n");
            }
        }
        Text(body, $"--{_changes}--\r\n--{_batch}--\r\n");
        return body.ToArray();
    }

    private static void Text(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
