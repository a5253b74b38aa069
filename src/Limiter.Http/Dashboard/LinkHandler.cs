using Limiter.Domain;
using Limiter.Engine.Ports;
using Limiter.Http.Auth;
using Limiter.Http.Json;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Dashboard;

/// <summary>
/// <c>POST /v1/tenants/{tenant}/links</c>: a link by which somebody reads this tenant's figures without a key. Nothing
/// of it is kept: it ends at its time, and with its tenant.
/// </summary>
public sealed class LinkHandler(IDirectory directory, ViewerLinks viewers, TimeProvider clock)
{
    private const long DayMs = 24L * 60 * 60 * 1000;

    // Behind the number sign, so that no server and no proxy writes the token into a log.
    private const string Page = "/dashboard/#";

    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        var problem = LinkForm.TryRead(body, out var form);
        body.Release();
        if (problem is not null) return problem;
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is not { } record)
            return RouteNames.UnknownTenant();
        var until = Instant.From(clock.GetUtcNow()) + (form.Days * DayMs);
        var token = viewers.Write(new Viewer(tenant, record.CreatedAt, until, form.Name));
        return JsonBody.Object(StatusCodes.Status201Created, (token, until), static (json, made) =>
        {
            json.WriteString("link", Page + made.token);
            json.WriteString("token", made.token);
            json.WriteString("until", IsoTime.Format(made.until));
        });
    }
}
