using System.Net;
using Harness.Reporting;

namespace Harness.Contending;

/// <summary>
/// Before a contender is measured: does it admit exactly the number that all are given, and then deny? A server that does
/// not limit would win every round.
/// </summary>
internal static class LimitProof
{
    private const int Asked = Place.Poor + 30;
    private const int RichAsked = 200;

    // nginx refills evenly, and so gives a token more when this takes longer than 60 s / the number.
    private const int LeakMax = 1;

    /// <exception cref="InvalidOperationException">It admits more or less than it should.</exception>
    public static async Task<Proof> MakeAsync(Running running, string poor, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = running.Contender.Address };
        var (allowed, denied) = await CountAsync(running, client, poor, Asked, cancellation);
        var (richAllowed, _) = await CountAsync(running, client, "t000000", RichAsked, cancellation);
        var proof = new Proof(
            running.Contender.Name, running.Contender.Family, Asked, allowed, denied, RichAsked, richAllowed);
        var expected = running.Contender.Limits ? Place.Poor : Asked;
        var leak = running.Contender.Name == "nginx" ? LeakMax : 0;
        if (allowed < expected || allowed > expected + leak || allowed + denied != Asked || richAllowed != RichAsked)
            throw new InvalidOperationException($"{running.Contender.Name} does not limit as it should: {proof}");
        return proof;
    }

    private static async Task<(int Allowed, int Denied)> CountAsync(
        Running running, HttpClient client, string tenant, int count, CancellationToken cancellation)
    {
        var (allowed, denied) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var status = await running.AskAsync(client, tenant, cancellation);
            if (status == HttpStatusCode.OK) allowed++;
            else if (status == HttpStatusCode.TooManyRequests) denied++;
            else throw new InvalidOperationException($"{running.Contender.Name} answered {(int)status} to a check.");
        }
        return (allowed, denied);
    }
}
