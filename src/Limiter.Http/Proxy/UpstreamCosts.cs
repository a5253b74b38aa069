using System.Globalization;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Proxy;

/// <summary>
/// What an upstream's answers tell of the true cost of their requests. The charge is corrected behind the answer, which
/// does not wait for it, and whether or not the client waits for the answer.
/// </summary>
internal sealed class UpstreamCosts(Checker checker, TimeProvider clock, ILogger logger)
{
    public const string HeaderName = "X-Request-Cost";

    private readonly SparseWarning _ignored = new(clock, count => Log.CostsIgnored(logger, count));
    private readonly SparseWarning _lost = new(clock, count => Log.CostsLost(logger, count));

    /// <summary>Corrects the charge, if the answer tells another cost.</summary>
    /// <param name="answer">The upstream's.</param>
    /// <param name="admitted">What was charged.</param>
    /// <param name="bounds">The policy's: any other cost is ignored.</param>
    public void Take(HttpResponseMessage answer, in AdmittedCheck admitted, CostBounds bounds)
    {
        if (!answer.Headers.NonValidated.TryGetValues(HeaderName, out var values)) return;
        var text = values.Count == 1 ? values.ToString() : "";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
            || !bounds.Contains(cost)) _ignored.Note();
        else if (cost != admitted.Cost && !checker.ChargeLater(admitted, cost)) _lost.Note();
    }
}
