// What an operator must hear of: errors of the app's own, and decisions made without their bucket.
param name string
param location string
param tags object
param workspaceId string
param email string

// Sampled requests count for those that they stand for.
var serverErrors = '''
AppRequests
| where toint(ResultCode) >= 500
| project TimeGenerated, Amount = toreal(ItemCount)
'''

// The counter limiter.decisions of the meter Limiter, tagged with outcome and mode. The warning beside it is counted
// too, so that the alert works where no exporter sends metrics.
var degradedDecisions = '''
union
  (AppMetrics
  | where Name == 'limiter.decisions' and tostring(Properties['mode']) == 'degraded'
  | project TimeGenerated, Amount = toreal(Sum)),
  (AppTraces
  | where SeverityLevel >= 2 and Message has 'the store cannot be reached'
  | project TimeGenerated, Amount = toreal(ItemCount))
'''

var rules = [
  {
    name: '5xx'
    description: 'More than 10 answers with status 5xx within 15 minutes.'
    severity: 1
    query: serverErrors
    threshold: 10
  }
  {
    name: 'degraded'
    description: 'A decision was made by the policy\'s whenUnreachable, for want of its bucket.'
    severity: 2
    query: degradedDecisions
    threshold: 0
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'limiter'
    emailReceivers: empty(email) ? [] : [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [for rule in rules: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: ${rule.name}'
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    // Longer than the frequency: what arrives minutes late is still seen.
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Total'
          metricMeasureColumn: 'Amount'
          operator: 'GreaterThan'
          threshold: rule.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    // A new workspace may not know the tables yet.
    skipQueryValidation: true
    actions: {
      actionGroups: [operators.id]
    }
  }
}]
