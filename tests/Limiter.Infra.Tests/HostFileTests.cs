using System.Text.Json;
using System.Text.RegularExpressions;

namespace Limiter.Infra.Tests;

/// <summary>The files that the Functions host and azd read.</summary>
public sealed class HostFileTests
{
    private const string Provider = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

    private static readonly JsonElement Host = Json("host.json");
    private static readonly JsonElement Local = Json("local.settings.sample.json").GetProperty("Values");
    private static readonly string Azd = Repository.Text("azure.yaml");

    [Theory]
    [InlineData("version", "2.0")]
    [InlineData("extensions.http.routePrefix", "")]
    [InlineData("extensions.durableTask.hubName", "%TASKHUB_NAME%")]
    // The platform scales by this file alone: what a setting says instead, only the host hears.
    [InlineData("extensions.durableTask.storageProvider.type", "azureManaged")]
    [InlineData("extensions.durableTask.storageProvider.connectionStringName",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING")]
    [InlineData("logging.applicationInsights.samplingSettings.excludedTypes", "Exception")]
    public void The_host_file_says(string path, string value) => At(Host, path).GetString().ShouldBe(value);

    [Fact]
    public void Entities_wait_at_most_a_second_for_a_poll()
    {
        var text = At(Host, "extensions.durableTask.storageProvider.maxQueuePollingInterval").GetString();
        TimeSpan.Parse(text!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        At(Host, "extensions.durableTask.storageProvider.partitionCount").GetInt32().ShouldBeInRange(1, 16);
        At(Host, "extensions.durableTask.maxConcurrentEntityFunctions").GetInt32().ShouldBePositive();
        At(Host, "extensions.durableTask.maxEntityOperationBatchSize").GetInt32().ShouldBePositive();
    }

    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true")]
    [InlineData("AzureWebJobsDisableHomepage", "true")]
    [InlineData(Provider + "type", "AzureStorage")]
    [InlineData(Provider + "connectionStringName", "AzureWebJobsStorage")]
    [InlineData("LIMITER__TABLES", "UseDevelopmentStorage=true")]
    [InlineData("LIMITER__POLICY", "waqti")]
    public void The_sample_settings_say(string name, string value) =>
        Local.GetProperty(name).GetString().ShouldBe(value);

    // Azure Storage names its queues and tables after the hub: letters and digits, a letter first.
    [Fact]
    public void The_sample_hub_is_a_name_that_azure_storage_takes() =>
        Local.GetProperty("TASKHUB_NAME").GetString()!.ShouldMatch("^[A-Za-z][A-Za-z0-9]{2,44}$");

    [Fact]
    public void Azd_deploys_the_function_app()
    {
        foreach (var line in new[]
        {
            "name: limiter", "  provider: bicep", "  path: infra", "  module: main",
            "  limiter:", "    project: ./src/Functions", "    language: dotnet", "    host: function",
        })
            Azd.Split('\n').ShouldContain(line);
    }

    [Fact]
    public void Azd_reads_its_file_as_pairs_of_names_and_values() =>
        Azd.Split('\n').Where(line => line.Length > 0 && !Regex.IsMatch(line, @"^ *#|^(  )*[a-z]+:( [\w./-]+)?$"))
            .ShouldBeEmpty();

    [Fact]
    public void Azd_finds_the_app_by_its_tag() =>
        Repository.Text("infra/modules/app.bicep").ShouldContain("{ 'azd-service-name': 'limiter' }");

    private static JsonElement At(JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (at, name) => at.GetProperty(name));

    private static JsonElement Json(string path) => JsonDocument.Parse(Repository.Text(path)).RootElement;
}
