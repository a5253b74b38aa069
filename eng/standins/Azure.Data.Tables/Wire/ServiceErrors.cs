#nullable enable
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>Reads the service's reason: <c>{"odata.error":{"code":"…","message":{"value":"…"}}}</c>.</summary>
internal sealed class ServiceErrors : RequestFailedDetailsParser
{
    public static readonly ServiceErrors Parser = new();

    public static RequestFailedException From(Response response) => new(response, null, Parser);

    public override bool TryParse(
        Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = null;
        if (response.ContentStream is not { CanSeek: true } content) return false;
        try
        {
            content.Position = 0;
            using var json = JsonDocument.Parse(content);
            var reason = json.RootElement.GetProperty("odata.error");
            var text = reason.GetProperty("message").GetProperty("value").GetString();
            error = new ResponseError(reason.GetProperty("code").GetString(), text);
            return true;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
        finally
        {
            content.Position = 0;
        }
    }
}
