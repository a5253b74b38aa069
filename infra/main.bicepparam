// One set of parameters for both ways to deploy: azd sets the AZURE_ variables, a shell may set the others.
using './main.bicep'

param name = readEnvironmentVariable('AZURE_ENV_NAME', 'limiter')
param location = readEnvironmentVariable('AZURE_LOCATION', '')
param tags = {
  'azd-env-name': readEnvironmentVariable('AZURE_ENV_NAME', 'limiter')
}

// The text of a policy of your own: loadTextContent('../policies/waqti.json') in place of the name.
param policy = readEnvironmentVariable('LIMITER_POLICY', 'waqti')

// Only from the environment: a key never stands in a file. Unset: the keys in the vault stay as they are.
param gatewayKey = readEnvironmentVariable('LIMITER_GATEWAY_KEY', '')
param adminKey = readEnvironmentVariable('LIMITER_ADMIN_KEY', '')

param alertEmail = readEnvironmentVariable('LIMITER_ALERT_EMAIL', '')
