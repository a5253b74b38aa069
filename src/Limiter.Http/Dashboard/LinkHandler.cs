using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Http.Auth;
using Limiter.Http.Json;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Dashboard;

/// <summary>
/// <c>POST /v1/tenants/{tenant}/links</c>: a link by which somebody reads this tenant's figures without a key. Of
/// it only a word among the tenant's changes is kept: it ends at its time, and with its tenant.
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
        var author = Author.Of(request, clock);
        var until = author.Now + (form.Days * DayMs);
        // Without its token: whoever reads the account of changes must not come by it.
        var told = author.Tell(tenant, ChangeKind.LinkMade) with
        {
            After = JsonText.Object((form.Name, until), static (json, made) =>
            {
                if (made.Name.Length > 0) json.WriteString("name", made.Name);
                json.WriteString("until", IsoTime.Format(made.until));
            }),
        };
        await directory.TellAsync(told, cancellation).ConfigureAwait(false);
        var token = viewers.Write(new Viewer(tenant, record.CreatedAt, until, form.Name));
        return JsonBody.Object(StatusCodes.Status201Created, (token, until), static (json, made) =>
        {
            json.WriteString("link", Page + made.token);
            json.WriteString("token", made.token);
            json.WriteString("until", IsoTime.Format(made.until));
        });
    }
}
