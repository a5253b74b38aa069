#nullable enable
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Sends requests of the Table service's REST protocol.</summary>
internal sealed class TableService
{
    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    public TableService(Uri endpoint, HttpPipelinePolicy authentication, TableClientOptions? options, string? account)
    {
        options ??= new TableClientOptions();
        Endpoint = new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/');
        AccountName = account ?? AccountIn(endpoint);
        _version = options.Version;
        _pipeline = HttpPipelineBuilder.Build(new HttpPipelineOptions(options)
        {
            PerRetryPolicies = { authentication },
            RequestFailedDetailsParser = ServiceErrors.Parser,
        });
    }

    public Uri Endpoint { get; }

    public string AccountName { get; }

    public async Task<Response> SendAsync(EntityOperation operation, CancellationToken cancellation)
    {
        var request = Create(operation.Method, operation.Path, out var message);
        foreach (var (name, value) in OperationHeaders(operation)) request.Headers.SetValue(name, value);
        if (operation.Body is { } body) request.Content = RequestContent.Create(body);
        await _pipeline.SendAsync(message, cancellation).ConfigureAwait(false);
        return message.Response;
    }

    public async Task<Response> QueryAsync(
        string path, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellation)
    {
        var request = Create(RequestMethod.Get, path, out var message);
        foreach (var (name, value) in query)
            if (value is not null)
                request.Uri.AppendQuery(name, value);
        await _pipeline.SendAsync(message, cancellation).ConfigureAwait(false);
        return message.Response;
    }

    public async Task<Response> TransactAsync(TransactionBody body, CancellationToken cancellation)
    {
        var request = Create(RequestMethod.Post, "$batch", out var message);
        request.Headers.SetValue("Content-Type", body.ContentType);
        request.Content = RequestContent.Create(body.Write(this));
        await _pipeline.SendAsync(message, cancellation).ConfigureAwait(false);
        return message.Response;
    }

    /// <summary>What a change says of itself, alone or in a transaction.</summary>
    public static IEnumerable<(string Name, string Value)> OperationHeaders(EntityOperation operation)
    {
        yield return ("Accept", "application/json;odata=minimalmetadata");
        yield return ("DataServiceVersion", "3.0");
        if (operation.IfMatch is { } etag) yield return ("If-Match", etag);
        if (operation.Body is not null) yield return ("Content-Type", "application/json");
        // Without this the service would send the entity back.
        if (operation.Method == RequestMethod.Post) yield return ("Prefer", "return-no-content");
    }

    private Request Create(RequestMethod method, string path, out HttpMessage message)
    {
        message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(Endpoint + path));
        request.Headers.SetValue("x-ms-version", _version);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue("Accept", "application/json;odata=minimalmetadata");
        return request;
    }

    // An emulator's address has the account as its path, a real one as the first label of its host.
    private static string AccountIn(Uri endpoint) => endpoint.AbsolutePath.Trim('/') is { Length: > 0 } path
        ? path.Split('/')[0]
        : endpoint.Host.Split('.')[0];
}
