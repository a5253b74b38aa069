using Limiter.Domain.Policies;
using Limiter.Server.Options;

namespace Limiter.Server.Startup;

/// <summary>What the server says once it listens: one line, and in Development a check to paste.</summary>
internal static class Greeting
{
    public static string Text(ServerOptions options, Policy policy, Uri address)
    {
        var where = address.GetLeftPart(UriPartial.Authority);
        var line = $"Limiter serves the policy {policy.Name} at {where} (data: {options.Data}).";
        if (!options.Samples) return line;
        var key = options.GatewayKey == ServerOptions.DevelopmentKey ? options.GatewayKey : "<gateway key>";
        return $"""
            {line} Try:

              curl -i {where}/v1/check -H 'Authorization: Bearer {key}' -d '{Check(policy)}'

            """;
    }

    private static string Check(Policy policy)
    {
        var caller = $"\"tenant\":\"{SampleTenants.First}\"";
        if (policy.RequiresKey) caller += $",\"key\":\"{SampleTenants.KeyName}\"";
        if (policy.RequiresIp) caller += ",\"ip\":\"203.0.113.9\"";
        return $$"""{{{caller}},"method":"GET","path":"/"}""";
    }
}
