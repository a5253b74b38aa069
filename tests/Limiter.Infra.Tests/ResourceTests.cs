using System.Text.RegularExpressions;
using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

/// <summary>
/// Almost every enumeration of Azure is open: a compiler takes any word, and the deployment fails late.
/// </summary>
public sealed class ResourceTests
{
    private const string Storage = "Microsoft.Storage/storageAccounts";
    private const string Site = "Microsoft.Web/sites";
    private const string Roles = "Microsoft.Authorization/roleAssignments";

    private static readonly Dictionary<string, string> Versions = new()
    {
        [Site] = "2025-03-01",
        [$"{Site}/basicPublishingCredentialsPolicies"] = "2025-03-01",
        ["Microsoft.Web/serverfarms"] = "2025-03-01",
        ["Microsoft.DurableTask/schedulers"] = "2026-02-01",
        ["Microsoft.DurableTask/schedulers/taskHubs"] = "2026-02-01",
        [Storage] = "2025-08-01",
        [$"{Storage}/blobServices"] = "2025-08-01",
        [$"{Storage}/blobServices/containers"] = "2025-08-01",
        [$"{Storage}/tableServices"] = "2025-08-01",
        [Roles] = "2022-04-01",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "2024-11-30",
        ["Microsoft.Insights/components"] = "2020-02-02",
        ["Microsoft.Insights/scheduledQueryRules"] = "2026-03-01",
        ["Microsoft.Insights/actionGroups"] = "2023-01-01",
        ["Microsoft.Insights/diagnosticSettings"] = "2021-05-01-preview",
        ["Microsoft.OperationalInsights/workspaces"] = "2025-07-01",
        ["Microsoft.KeyVault/vaults"] = "2026-02-01",
        ["Microsoft.KeyVault/vaults/secrets"] = "2026-02-01",
    };

    [Fact]
    public void Every_type_is_asked_for_in_its_known_version() =>
        (from file in BicepFile.All
         from resource in file.Every("resource")
         where Versions.GetValueOrDefault(resource.Type) != resource.Version
         select $"{file.Path}: {resource.Target}")
        .ShouldBeEmpty();

    [Theory]
    [InlineData("Microsoft.Web/serverfarms", "sku.name", "'FC1'")]
    [InlineData("Microsoft.Web/serverfarms", "sku.tier", "'FlexConsumption'")]
    [InlineData("Microsoft.Web/serverfarms", "properties.reserved", "true")]
    [InlineData(Site, "kind", "'functionapp,linux'")]
    [InlineData(Site, "identity.type", "'UserAssigned'")]
    [InlineData(Site, "properties.httpsOnly", "true")]
    [InlineData(Site, "properties.publicNetworkAccess", "'Enabled'")]
    [InlineData(Site, "properties.keyVaultReferenceIdentity", "identityId")]
    [InlineData(Site, "properties.functionAppConfig.deployment.storage.type", "'blobContainer'")]
    [InlineData(Site, "properties.functionAppConfig.deployment.storage.authentication.type", "'UserAssignedIdentity'")]
    [InlineData(Site, "properties.functionAppConfig.runtime.name", "'dotnet-isolated'")]
    [InlineData(Site, "properties.functionAppConfig.runtime.version", "'10.0'")]
    [InlineData(Site, "properties.siteConfig.minTlsVersion", "'1.2'")]
    [InlineData(Site, "properties.siteConfig.scmMinTlsVersion", "'1.2'")]
    [InlineData(Site, "properties.siteConfig.ftpsState", "'Disabled'")]
    [InlineData(Site + "/basicPublishingCredentialsPolicies", "properties.allow", "false")]
    [InlineData("Microsoft.DurableTask/schedulers", "properties.publicNetworkAccess", "'Enabled'")]
    [InlineData("Microsoft.DurableTask/schedulers", "properties.ipAllowlist[0]", "'0.0.0.0/0'")]
    [InlineData(Storage, "kind", "'StorageV2'")]
    [InlineData(Storage, "properties.accessTier", "'Hot'")]
    [InlineData(Storage, "properties.allowSharedKeyAccess", "false")]
    [InlineData(Storage, "properties.defaultToOAuthAuthentication", "true")]
    [InlineData(Storage, "properties.allowBlobPublicAccess", "false")]
    [InlineData(Storage, "properties.supportsHttpsTrafficOnly", "true")]
    [InlineData(Storage, "properties.minimumTlsVersion", "'TLS1_2'")]
    [InlineData(Storage, "properties.publicNetworkAccess", "'Enabled'")]
    [InlineData(Storage, "properties.networkAcls.defaultAction", "'Allow'")]
    [InlineData(Storage, "properties.networkAcls.bypass", "'AzureServices'")]
    [InlineData(Storage + "/blobServices/containers", "properties.publicAccess", "'None'")]
    [InlineData("Microsoft.OperationalInsights/workspaces", "properties.sku.name", "'PerGB2018'")]
    [InlineData("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "true")]
    [InlineData("Microsoft.Insights/components", "kind", "'web'")]
    [InlineData("Microsoft.Insights/components", "properties.Application_Type", "'web'")]
    [InlineData("Microsoft.Insights/components", "properties.IngestionMode", "'LogAnalytics'")]
    [InlineData("Microsoft.Insights/components", "properties.DisableLocalAuth", "true")]
    [InlineData("Microsoft.Insights/actionGroups", "location", "'Global'")]
    [InlineData("Microsoft.Insights/scheduledQueryRules", "kind", "'LogAlert'")]
    [InlineData("Microsoft.Insights/scheduledQueryRules", "properties.criteria.allOf[0].operator", "'GreaterThan'")]
    [InlineData("Microsoft.Insights/scheduledQueryRules", "properties.criteria.allOf[0].timeAggregation", "'Total'")]
    [InlineData("Microsoft.KeyVault/vaults", "properties.sku.family", "'A'")]
    [InlineData("Microsoft.KeyVault/vaults", "properties.sku.name", "'standard'")]
    [InlineData("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", "true")]
    [InlineData("Microsoft.KeyVault/vaults", "properties.enablePurgeProtection", "true")]
    [InlineData(Roles, "properties.principalType", "'ServicePrincipal'")]
    public void A_value_is_spelled_as_azure_knows_it(string type, string path, string value)
    {
        var made = BicepFile.Made(type).ToList();
        made.ShouldNotBeEmpty();
        foreach (var (file, resource) in made)
            resource.Values.GetValueOrDefault(path).ShouldBe(value, $"{file.Path}: {resource.Name}");
    }

    [Theory]
    [InlineData("instanceMemoryMB", "512", "2048", "4096")]
    [InlineData("schedulerSku", "'Consumption'", "'Dedicated'")]
    [InlineData("storageSku", "'Standard_LRS'", "'Standard_ZRS'")]
    public void A_parameter_allows_what_azure_allows(string name, params string[] values)
    {
        var decorators = BicepFile.Main.Every("param").Single(one => one.Name == name).Decorators;
        decorators.SkipWhile(token => !token.Is("allowed")).Select(token => token.Text)
            .Where(text => text[0] == '\'' || char.IsAsciiDigit(text[0])).ShouldBe(values);
    }

    [Fact]
    public void A_scheduler_has_a_capacity_only_where_it_is_dedicated() =>
        BicepFile.Made("Microsoft.DurableTask/schedulers").Single().Resource.Values["properties.sku"].ShouldBe(
            "skuName == 'Dedicated' ? { name : 'Dedicated' , capacity : capacity } : { name : 'Consumption' }");

    [Fact]
    public void A_task_hub_has_no_location_and_no_tags() =>
        BicepFile.Made("Microsoft.DurableTask/schedulers/taskHubs").Single().Resource.Values
            .Keys.ShouldBe(["parent", "name"]);

    [Fact]
    public void Http_and_entities_have_an_instance_that_is_always_ready()
    {
        var ready = BicepFile.Module("app").Every("var").Single(one => one.Name == "alwaysReady").Tokens
            .Where(token => token.Kind == TokenKind.Text).Select(token => token.Text);
        ready.ShouldBe(["'http'", "'durable'"]);
        BicepFile.Made(Site).Single().Resource
            .Values["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"].ShouldBe("alwaysReady");
    }

    [Fact]
    public void Everything_that_can_be_tagged_is() =>
        (from file in BicepFile.All
         from resource in file.Every("resource")
         where !resource.IsExisting && resource.Values.ContainsKey("location") && !resource.Values.ContainsKey("tags")
         select $"{file.Path}: {resource.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void Nothing_asks_for_a_key_of_a_resource() =>
        BicepFile.All.Where(file => Regex.IsMatch(file.Text, @"\blist(Keys|AccountSas|ServiceSas|Secrets)?\s*\("))
            .Select(file => file.Path).ShouldBeEmpty();

    [Fact]
    public void Alerts_ask_for_what_limiter_sends()
    {
        var alerts = BicepFile.Module("alerts").Text;
        alerts.ShouldContain("'limiter.decisions'");
        alerts.ShouldContain("Properties['mode']) == 'degraded'");
        // The same words in the log of Limiter.Http.
        Repository.Text("src/Limiter.Http/Surface/Log.cs").ShouldContain("the store cannot be reached");
        alerts.ShouldContain("has 'the store cannot be reached'");
    }
}
