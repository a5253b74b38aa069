#nullable enable
namespace Azure.Data.Tables.Wire;

/// <summary>
/// A storage connection string: <c>name=value</c> pairs between semicolons, as the documentation of Azure Storage has
/// them. Of the ways to give credentials only the account's key is known here.
/// </summary>
/// <param name="Endpoint">The table service of the account.</param>
/// <param name="Credential">The account's name and key.</param>
internal sealed record ConnectionText(Uri Endpoint, TableSharedKeyCredential Credential)
{
    // The emulator's account and key are public: the documentation prints them.
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int EmulatorPort = 10002;

    public static ConnectionText Parse(string text)
    {
        var pairs = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(
                pair => pair.Length == 2 ? pair[0] : throw Wrong("a setting has no value"),
                pair => pair[1],
                StringComparer.OrdinalIgnoreCase);
        if (pairs.GetValueOrDefault("UseDevelopmentStorage") == "true") return Emulator(pairs);
        var account = pairs.GetValueOrDefault("AccountName") ?? throw Wrong("AccountName is missing");
        var key = pairs.GetValueOrDefault("AccountKey") ?? throw Wrong("AccountKey is missing");
        return new ConnectionText(Service(pairs, account), Key(account, key));
    }

    private static ConnectionText Emulator(Dictionary<string, string> pairs)
    {
        var proxy = pairs.GetValueOrDefault("DevelopmentStorageProxyUri") ?? "http://127.0.0.1";
        var endpoint = new UriBuilder(proxy) { Port = EmulatorPort, Path = EmulatorAccount };
        return new ConnectionText(endpoint.Uri, Key(EmulatorAccount, EmulatorKey));
    }

    private static Uri Service(Dictionary<string, string> pairs, string account)
    {
        var protocol = pairs.GetValueOrDefault("DefaultEndpointsProtocol") ?? "https";
        var suffix = pairs.GetValueOrDefault("EndpointSuffix") ?? "core.windows.net";
        var text = pairs.GetValueOrDefault("TableEndpoint") ?? $"{protocol}://{account}.table.{suffix}";
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw Wrong("TableEndpoint is no address");
    }

    private static TableSharedKeyCredential Key(string account, string key)
    {
        try
        {
            return new TableSharedKeyCredential(account, key);
        }
        catch (FormatException)
        {
            throw Wrong("AccountKey is not base64");
        }
    }

    private static InvalidOperationException Wrong(string why) => new($"the connection string cannot be used: {why}");
}
