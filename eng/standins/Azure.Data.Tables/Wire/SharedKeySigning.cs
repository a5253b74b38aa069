#nullable enable
using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// Shared Key Lite for the Table service: an HMAC over the request's date and its canonicalized resource. Signs every
/// attempt, so that a retried request has a date of its own.
/// </summary>
internal sealed class SharedKeySigning(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        var signature = credential.Sign($"{date}\n{Resource(message.Request.Uri.ToUri())}");
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {credential.AccountName}:{signature}");
    }

    // The account, the path as it is sent (in an emulator it starts with the account once more), and of the query
    // only "comp".
    private string Resource(Uri uri)
    {
        var resource = $"/{credential.AccountName}{uri.AbsolutePath}";
        var component = uri.Query.TrimStart('?').Split('&')
            .FirstOrDefault(pair => pair.StartsWith("comp=", StringComparison.Ordinal));
        return component is null ? resource : $"{resource}?{component}";
    }
}
