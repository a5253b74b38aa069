// Where the bucket entities live: the Durable Task Scheduler pushes work, so nothing polls. It speaks Entra ID only.
// It documents no diagnostic categories: what goes wrong shows in the app's own logs, and in its dashboard.
param name string
param location string
param tags object
param skuName string
param capacity int
param principalId string

// Durable Task Data Contributor: the least role that both dispatches entities and signals them.
var dataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: skuName == 'Dedicated' ? { name: 'Dedicated', capacity: capacity } : { name: 'Consumption' }
    publicNetworkAccess: 'Enabled'
    // An empty list refuses everyone, and a Flex Consumption app has no fixed addresses: the role is the lock.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: 'limiter'
}

resource dispatches 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(taskHub.id, principalId, dataContributor)
  scope: taskHub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output taskHubName string = taskHub.name
