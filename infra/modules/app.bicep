// The function app on Flex Consumption.
param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param deploymentContainerName string
param insightsName string
param workspaceId string
param schedulerEndpoint string
param taskHubName string
param vaultName string
param policy string
param settings object
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyHttp int
param alwaysReadyDurable int
param httpConcurrency int
param zoneRedundant bool

var providerSetting = 'AzureFunctionsJobHost__extensions__durableTask__storageProvider'

var furtherSettings = [for setting in items(settings): {
  name: 'LIMITER__${toUpper(setting.key)}'
  value: string(setting.value)
}]

// HTTP and entities scale apart, each on instances of its own: both need one that is awake.
var alwaysReady = filter([
  {
    name: 'http'
    instanceCount: alwaysReadyHttp
  }
  {
    name: 'durable'
    instanceCount: alwaysReadyDurable
  }
], group => group.instanceCount > 0)

resource storage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

// Asked for their addresses below: a deployment that never had keys fails here, and not as an app whose keys are
// the unresolved references.
resource gatewayKey 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: 'gateway-key'
}

resource adminKey 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: 'admin-key'
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds by this tag where to deploy the service of that name in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'limiter' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      // Runtime and its version stand in functionAppConfig: Flex Consumption refuses the FUNCTIONS_ settings.
      appSettings: concat([
        {
          name: 'AzureWebJobsStorage__accountName'
          value: storage.name
        }
        {
          name: 'AzureWebJobsStorage__credential'
          value: 'managedidentity'
        }
        {
          name: 'AzureWebJobsStorage__clientId'
          value: identityClientId
        }
        {
          // GET / is Limiter's own page.
          name: 'AzureWebJobsDisableHomepage'
          value: 'true'
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: insights.properties.ConnectionString
        }
        {
          name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
          value: 'ClientId=${identityClientId};Authorization=AAD'
        }
        {
          // As host.json has it: the platform scales by host.json, the host runs by these.
          name: '${providerSetting}__type'
          value: 'azureManaged'
        }
        {
          name: '${providerSetting}__connectionStringName'
          value: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        }
        {
          name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
          value: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
        }
        {
          name: 'TASKHUB_NAME'
          value: taskHubName
        }
        {
          // Which identity DefaultAzureCredential takes.
          name: 'AZURE_CLIENT_ID'
          value: identityClientId
        }
        {
          name: 'LIMITER__TABLES'
          value: storage.properties.primaryEndpoints.table
        }
        {
          name: 'LIMITER__POLICY'
          value: policy
        }
        {
          // Without a version: a rotated key is found within a day, or at the next restart.
          name: 'LIMITER__GATEWAYKEY'
          value: '@Microsoft.KeyVault(SecretUri=${gatewayKey.properties.secretUri})'
        }
        {
          name: 'LIMITER__ADMINKEY'
          value: '@Microsoft.KeyVault(SecretUri=${adminKey.properties.secretUri})'
        }
      ], furtherSettings)
    }
  }
}

// Deployments sign in with Entra ID; user names with passwords are off for both ways in.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
  // One after the other: a site refuses a change while another is under way.
  dependsOn: [noFtpPassword]
}

// The app's logs reach Application Insights by themselves, and are not paid for twice; these are the platform's.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output name string = site.name
output endpoint string = 'https://${site.properties.defaultHostName}'
