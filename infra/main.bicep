// Limiter as a function app, with all that it needs and nothing shared: one resource group, one deployment.
// Everything authenticates with one user-assigned identity; no resource here accepts a shared key.
targetScope = 'resourceGroup'

@description('Starts every name: letters, digits and hyphens. 18 with the suffix keep host ids distinct.')
@minLength(2)
@maxLength(18)
param name string = 'limiter'

@description('Region; empty: the resource group\'s own.')
param location string = ''

@description('Region of the Durable Task Scheduler, which fewer regions offer; empty: the same as the rest.')
param schedulerLocation string = ''

@description('On every resource.')
param tags object = {}

@description('Name of a shipped policy, such as waqti, or the text of a policy file.')
param policy string = 'waqti'

@description('Further settings of Limiter by name, such as { LeaseMs: \'30000\' }: each becomes LIMITER__NAME.')
param settings object = {}

@description('Operator\'s key of check, charge and limits: 16 to 512 bytes. Empty: the vault\'s stays; needed once.')
@maxLength(512)
@secure()
param gatewayKey string = ''

@description('Operator\'s key of everything: 16 to 512 bytes, another one. Empty: the vault\'s stays; needed once.')
@maxLength(512)
@secure()
param adminKey string = ''

@description('Memory of one instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances. A bucket leases to at most 64 processes; further ones ask it for every decision.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that always wait for requests: no cold start, and a price around the clock.')
@minValue(0)
param alwaysReadyHttp int = 1

@description('Instances that always wait for entity operations.')
@minValue(0)
param alwaysReadyDurable int = 1

@description('Requests that one instance answers at a time. A check from a held lease takes no I/O, so many fit.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Consumption: paid by the operation, up to 500 a second. Dedicated: 2,000 a second a capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Capacity units of a Dedicated scheduler; 3 make it highly available.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int = 1

@description('Copies of the stored data: Standard_ZRS survives the loss of a zone.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string = 'Standard_LRS'

@description('Spread the instances over zones, where the region has them.')
param zoneRedundant bool = false

@description('Most gigabytes of logs a day; -1: no bound. Beyond it logs are dropped, and alerts see nothing.')
param logDailyCapGb int = 5

@description('Who hears of alerts; empty: they only show in the portal.')
param alertEmail string = ''

// Not a default of the parameter: a parameter file can give an empty text, but cannot ask for the default.
#disable-next-line no-loc-expr-outside-params
var region = empty(location) ? resourceGroup().location : location
var token = uniqueString(resourceGroup().id, name)
var appName = '${toLower(name)}-${token}'

module identity 'modules/identity.bicep' = {
  name: 'limiter-identity'
  params: {
    name: appName
    location: region
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'limiter-monitoring'
  params: {
    name: appName
    location: region
    tags: tags
    principalId: identity.outputs.principalId
    dailyCapGb: logDailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  name: 'limiter-storage'
  params: {
    // 24 lower-case letters and digits at most: 11 of the name and the 13 of the token.
    name: '${take(replace(toLower(name), '-', ''), 11)}${token}'
    location: region
    tags: tags
    skuName: storageSku
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = {
  name: 'limiter-scheduler'
  params: {
    name: appName
    location: empty(schedulerLocation) ? region : schedulerLocation
    tags: tags
    skuName: schedulerSku
    capacity: schedulerCapacity
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'limiter-vault'
  params: {
    // Without the app's name: 24 characters at most, and the first must be a letter.
    name: 'kv-${token}'
    location: region
    tags: tags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    gatewayKey: gatewayKey
    adminKey: adminKey
  }
}

// The modules above also hold the role assignments: the app starts only when it may reach everything.
module app 'modules/app.bicep' = {
  name: 'limiter-app'
  params: {
    name: appName
    location: region
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainerName: storage.outputs.deploymentContainerName
    insightsName: monitoring.outputs.insightsName
    workspaceId: monitoring.outputs.workspaceId
    schedulerEndpoint: scheduler.outputs.endpoint
    taskHubName: scheduler.outputs.taskHubName
    vaultName: vault.outputs.name
    policy: policy
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: alwaysReadyHttp
    alwaysReadyDurable: alwaysReadyDurable
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'limiter-alerts'
  params: {
    name: appName
    location: region
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
  }
}

output endpoint string = app.outputs.endpoint
output functionAppName string = app.outputs.name
output identityName string = identity.outputs.name
output storageAccountName string = storage.outputs.name
output schedulerName string = scheduler.outputs.name
output taskHubName string = scheduler.outputs.taskHubName
output vaultName string = vault.outputs.name
output insightsName string = monitoring.outputs.insightsName
output workspaceName string = monitoring.outputs.workspaceName
