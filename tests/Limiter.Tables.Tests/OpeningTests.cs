using Azure.Core;

namespace Limiter.Tables.Tests;

public sealed class OpeningTests
{
    [Theory]
    [InlineData("AccountName=acme")]
    [InlineData("AccountName=acme;AccountKey=not base64")]
    [InlineData("nonsense")]
    public void A_wrong_connection_string_is_a_wrong_argument(string text) => Should.Throw<ArgumentException>(
        () => TablesStore.Open(text, new TablesStoreOptions(), TimeProvider.System));

    [Fact]
    public void A_token_goes_over_https_only() => Should.Throw<ArgumentException>(() => TablesStore.Open(
        new Uri("http://acme.table.core.windows.net"),
        DelegatedTokenCredential.Create((_, _) => default),
        new TablesStoreOptions(),
        TimeProvider.System));

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("with-dash")]
    public void A_prefix_that_no_table_s_name_can_start_with_is_refused(string prefix) =>
        Should.Throw<ArgumentException>(() => TablesStore.Open(
            "UseDevelopmentStorage=true", new TablesStoreOptions { Prefix = prefix }, TimeProvider.System));
}
