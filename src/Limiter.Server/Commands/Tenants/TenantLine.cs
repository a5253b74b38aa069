using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;

namespace Limiter.Server.Commands.Tenants;

/// <summary>A tenant of a file.</summary>
/// <param name="tenant">Its name.</param>
/// <param name="plan">Its plan.</param>
/// <param name="overrides">All of its overrides; null: those that it has.</param>
internal sealed class TenantLine(string tenant, string plan, (string Limit, string Number)[]? overrides) : ImportLine
{
    /// <summary>A PUT that finds the tenant so already changes nothing, not even the account of changes.</summary>
    public override async Task<LineOutcome> ApplyAsync(PatientClient server, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Put, Paths.Tenant(tenant)).With(json =>
        {
            json.WriteString("plan", plan);
            if (overrides is null) return;
            json.WriteStartObject("overrides");
            foreach (var (limit, number) in overrides) NumberText.Write(json, limit, number);
            json.WriteEndObject();
        });
        var answer = await server.SendAsync(call, cancellation).ConfigureAwait(false);
        return answer.Status switch
        {
            201 => new LineOutcome(LineResult.Added),
            200 => new LineOutcome(LineResult.Present),
            _ => LineOutcome.Failed(answer),
        };
    }

    public override async Task<LineOutcome> PreviewAsync(PatientClient server, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Get, Paths.Tenant(tenant) + "?limit=1");
        var answer = await server.SendAsync(call, cancellation).ConfigureAwait(false);
        return answer switch
        {
            { Status: 404, Code: "unknown_tenant" } => new LineOutcome(LineResult.Added),
            { IsSuccess: true } => new LineOutcome(LineResult.Present),
            _ => LineOutcome.Failed(answer),
        };
    }
}
