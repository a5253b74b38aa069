using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;

namespace Limiter.Engine.Tests.Oracles;

/// <summary>Random requests in spells: floods, trickles and silences; by whole seconds or by milliseconds.</summary>
internal sealed class Traffic(Random random, Policy policy)
{
    private static readonly (string Method, string Path)[] Requests =
    [
        ("GET", "/things"), ("GET", "/things/1"), ("GET", "/things/1"), ("GET", "/search/all"), ("POST", "/things"),
        ("POST", "/courses/7/export"), ("POST", "/students/bulk"), ("POST", "/auth/login"), ("GET", "/export/all"),
        ("POST", "/things/search"), ("DELETE", "/things/1"), ("POST", "/batch"),
    ];

    private readonly bool _wholeSeconds = random.Next(2) == 0;
    private int _spell;
    private int _left;

    public TimeSpan NextPause()
    {
        if (_left-- <= 0) (_spell, _left) = (random.Next(5), random.Next(10, 120));
        var ms = _spell switch
        {
            0 => 0,
            1 => random.Next(8) == 0 ? random.Next(1_500) : 0,
            2 => random.Next(300),
            3 => random.Next(4_000),
            _ => random.Next(15) == 0 ? random.Next(400_000) : random.Next(900),
        };
        return TimeSpan.FromMilliseconds(_wholeSeconds ? (ms + random.Next(1_000)) / 1_000 * 1_000 : ms);
    }

    public Check NextCheck(Instant now)
    {
        // Mostly one kind of request a minute, so that the small limits are reached too.
        var favourite = (int)(now.UnixMilliseconds / 60_000 % Requests.Length);
        var (method, path) = Requests[random.Next(3) == 0 ? random.Next(Requests.Length) : favourite];
        var states = policy.Cost.Max > 1 && random.Next(2) == 0;
        var most = random.Next(6) == 0 ? policy.Cost.Max : Math.Min(policy.Cost.Max, 4);
        return new Check { Method = method, Path = path, Cost = states ? random.NextInt64(1, most + 1) : null };
    }
}
