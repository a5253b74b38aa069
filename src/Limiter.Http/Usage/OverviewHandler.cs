using System.Globalization;
using Limiter.Engine.Callers;
using Limiter.Engine.Usage;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Usage;

/// <summary><c>GET /v1/overview</c>: who sends how much now, and who is near or over a limit.</summary>
public sealed class OverviewHandler(OverviewReader reader, Func<PolicyInForce> policy)
{
    private const int TakeDefault = 100;

    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        var (near, take, skip) = (false, TakeDefault, 0);
        foreach (var (name, values) in request.Query)
        {
            if (name is not ("order" or "take" or "after")) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            var text = values[0] ?? "";
            near = name == "order" ? text == "near" : near;
            if (name == "order" && text is not ("load" or "near")) return InputProblem.Invalid(name, "load or near");
            if (name == "take" && (!TryNumber(text, UsageQuery.TakeMax, out take) || take == 0))
                return InputProblem.Invalid(name, $"a whole number from 1 to {UsageQuery.TakeMax}");
            if (name == "after" && !TryNumber(text, RecentUsage.TenantsMax, out skip))
                return InputProblem.Invalid(name, "a page's 'next'");
        }
        var overview = await reader.ReadAsync(near, skip, take, cancellation).ConfigureAwait(false);
        int? next = skip + overview.Page.Length < overview.Recent.Tenants.Length && !overview.Page.IsEmpty
            ? skip + overview.Page.Length : null;
        var told = new ToldOverview(overview, policy(), reader.IsDegraded, reader.Degraded, next);
        return JsonBody.Object(StatusCodes.Status200OK, told, OverviewJson.Write);
    }

    private static bool TryNumber(string text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}

/// <summary>What is told by one answer.</summary>
internal sealed record ToldOverview(
    Overview Overview, PolicyInForce Policy, bool IsDegraded, TimeSpan Degraded, int? Next);
