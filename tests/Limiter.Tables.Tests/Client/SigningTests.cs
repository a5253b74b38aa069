using System.Globalization;
using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Limiter.Azurite;

namespace Limiter.Tables.Tests.Client;

/// <summary>How the client proves who it is.</summary>
public sealed class SigningTests(AzuriteServer azurite) : ClientTests(azurite)
{
    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        var wrong = new TableSharedKeyCredential(AzuriteServer.Account, Convert.ToBase64String(new byte[64]));
        var table = new TableClient(Azurite.Endpoint, Table.Name, wrong);
        (await Should.ThrowAsync<RequestFailedException>(
            () => table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation))).Status.ShouldBe(403);
        wrong.SetAccountKey(AzuriteServer.Key);
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "r", null, Cancellation)).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task An_address_with_a_key_is_the_same_account_as_the_connection_string()
    {
        var credential = new TableSharedKeyCredential(AzuriteServer.Account, AzuriteServer.Key);
        var service = new TableServiceClient(Azurite.Endpoint, credential);
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancellation);
        var found = await service.GetTableClient(Table.Name)
            .GetEntityIfExistsAsync<TableEntity>("p", "r", null, Cancellation);
        found.HasValue.ShouldBeTrue();
        service.AccountName.ShouldBe(AzuriteServer.Account);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1/")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a2V5",
        "https://acme.table.core.windows.net/")]
    [InlineData("AccountKey=a2V5;AccountName=acme;EndpointSuffix=example.org;DefaultEndpointsProtocol=http",
        "http://acme.table.example.org/")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a2V5;TableEndpoint=https://t.example.org",
        "https://t.example.org/")]
    public void A_connection_string_names_an_address(string text, string address) =>
        new TableServiceClient(text).Uri.AbsoluteUri.TrimEnd('/').ShouldBe(address.TrimEnd('/'));

    [Theory]
    [InlineData("AccountName=acme")]
    [InlineData("AccountKey=a2V5")]
    [InlineData("AccountName=acme;AccountKey=not base64")]
    [InlineData("nonsense")]
    public void A_wrong_connection_string_is_refused(string text) =>
        Should.Throw<Exception>(() => new TableServiceClient(text)).ShouldNotBeOfType<NullReferenceException>();

    [Fact]
    public async Task A_signed_request_has_a_date_and_a_signature_and_no_key()
    {
        var sent = await CaptureAsync(options => new TableClient(
            new Uri("https://acme.table.core.windows.net"),
            "things",
            new TableSharedKeyCredential("acme", "a2V5"),
            options));
        sent.RequestUri!.AbsoluteUri.ShouldStartWith("https://acme.table.core.windows.net/things(");
        sent.Headers.GetValues("Authorization").Single().ShouldStartWith("SharedKeyLite acme:");
        DateTimeOffset.ParseExact(
            sent.Headers.GetValues("x-ms-date").Single(), "R", CultureInfo.InvariantCulture).Offset
            .ShouldBe(TimeSpan.Zero);
        sent.Headers.GetValues("x-ms-version").ShouldHaveSingleItem();
        sent.Headers.GetValues("x-ms-client-request-id").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_token_is_asked_for_storage_and_sent()
    {
        var source = new FixedToken();
        var sent = await CaptureAsync(options => new TableClient(
            new Uri("https://acme.table.core.windows.net"), "things", source, options));
        sent.Headers.GetValues("Authorization").ShouldBe(["Bearer a.b.c"]);
        source.Scopes.ShouldBe(["https://storage.azure.com/.default"]);
    }

    private static async Task<HttpRequestMessage> CaptureAsync(Func<TableClientOptions, TableClient> connect)
    {
        using var handler = new Capture();
        using var transport = new HttpClientTransport(handler);
        var table = connect(new TableClientOptions { Transport = transport });
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "r", null, Cancellation)).HasValue.ShouldBeFalse();
        return handler.Sent!;
    }

    private sealed class Capture : HttpMessageHandler
    {
        public HttpRequestMessage? Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent = request;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }

    private sealed class FixedToken : TokenCredential
    {
        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken("a.b.c", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
