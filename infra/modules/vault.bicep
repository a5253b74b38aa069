// The operator's two keys. The app reads them by reference, so that neither its settings nor an output shows one.
param name string
param location string
param tags object
param principalId string
param workspaceId string
@secure()
param gatewayKey string
@secure()
param adminKey string

// Key Vault Secrets User: reads secrets' values, changes nothing.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    enablePurgeProtection: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: 'Allow'
      bypass: 'AzureServices'
    }
  }
}

// Written only when given: a deployment without keys leaves rotated ones alone.
resource gateway 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = if (!empty(gatewayKey)) {
  parent: vault
  name: 'gateway-key'
  properties: {
    value: gatewayKey
  }
}

resource admin 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = if (!empty(adminKey)) {
  parent: vault
  name: 'admin-key'
  properties: {
    value: adminKey
  }
}

resource readsKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Who read or changed a key, and when.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output name string = vault.name
