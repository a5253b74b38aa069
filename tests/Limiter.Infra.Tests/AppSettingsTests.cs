using System.Text.RegularExpressions;
using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

public sealed class AppSettingsTests
{
    private const string Provider = "'${providerSetting}__";
    private static readonly IReadOnlyDictionary<string, string> Settings = Read();

    [Theory]
    [InlineData("'AzureWebJobsStorage__accountName'", "storage . name")]
    [InlineData("'AzureWebJobsStorage__credential'", "'managedidentity'")]
    [InlineData("'AzureWebJobsStorage__clientId'", "identityClientId")]
    [InlineData("'AzureWebJobsDisableHomepage'", "'true'")]
    [InlineData("'APPLICATIONINSIGHTS_CONNECTION_STRING'", "insights . properties . ConnectionString")]
    [InlineData("'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'", "'ClientId=${identityClientId};Authorization=AAD'")]
    [InlineData(Provider + "type'", "'azureManaged'")]
    [InlineData(Provider + "connectionStringName'", "'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'")]
    [InlineData("'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'",
        "'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'")]
    [InlineData("'TASKHUB_NAME'", "taskHubName")]
    [InlineData("'AZURE_CLIENT_ID'", "identityClientId")]
    [InlineData("'LIMITER__POLICY'", "policy")]
    [InlineData("'LIMITER__TABLES'", "storage . properties . primaryEndpoints . table")]
    [InlineData("'LIMITER__GATEWAYKEY'", "'@Microsoft.KeyVault(SecretUri=${gatewayKey.properties.secretUri})'")]
    [InlineData("'LIMITER__ADMINKEY'", "'@Microsoft.KeyVault(SecretUri=${adminKey.properties.secretUri})'")]
    public void The_app_is_given(string name, string value) => Settings.GetValueOrDefault(name).ShouldBe(value);

    [Fact]
    public void The_provider_is_set_under_the_name_that_the_host_reads() =>
        BicepFile.Module("app").Every("var").Single(one => one.Name == "providerSetting").Tokens[^1].Text
            .ShouldBe("'AzureFunctionsJobHost__extensions__durableTask__storageProvider'");

    // They stand in functionAppConfig; as settings they are refused.
    [Theory]
    [InlineData("'FUNCTIONS_WORKER_RUNTIME'")]
    [InlineData("'FUNCTIONS_EXTENSION_VERSION'")]
    [InlineData("'WEBSITE_RUN_FROM_PACKAGE'")]
    [InlineData("'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING'")]
    [InlineData("'AzureWebJobsStorage'")]
    public void The_app_is_not_given(string name) => Settings.Keys.ShouldNotContain(name);

    private static Dictionary<string, string> Read()
    {
        var values = BicepFile.Made("Microsoft.Web/sites").Single().Resource.Values;
        return values.Where(pair => Regex.IsMatch(pair.Key, @"\.appSettings\[\d+\]\.name$"))
            .ToDictionary(pair => pair.Value, pair => values[pair.Key[..^"name".Length] + "value"]);
    }
}
