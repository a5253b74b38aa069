using System.Globalization;

namespace Peers;

/// <summary>
/// A check that one script in Redis decides: a sliding window out of two counters, the cheapest of the usual scripts.
/// It weighs the window before by how much of it is still in sight, so it is an approximation.
/// </summary>
internal static class RedisCheck
{
    private const string Script = """
        local current = tonumber(redis.call('GET', KEYS[1]) or '0')
        local before = tonumber(redis.call('GET', KEYS[2]) or '0')
        local number, cost, left, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local used = math.ceil(before * left / window) + current
        if used + cost > number then return -1 end
        redis.call('INCRBY', KEYS[1], cost)
        redis.call('PEXPIRE', KEYS[1], 2 * window)
        return number - used - cost
        """;

    private const long WindowMs = Numbers.WindowSeconds * 1000L;

    public static async Task MapAsync(WebApplication app, int port, Numbers numbers)
    {
        var redis = await RespConnection.OpenAsync(port, CancellationToken.None);
        app.Lifetime.ApplicationStopped.Register(redis.Dispose);
        var sha = await redis.AskAsync(["SCRIPT", "LOAD", Script]);
        app.MapPost("/v1/check", async (CheckBody check) =>
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var window = now / WindowMs;
            var left = await redis.AskAsync(
            [
                "EVALSHA", sha, "2", KeyOf(check.Tenant, window), KeyOf(check.Tenant, window - 1),
                Text(numbers.Of(check.Tenant)), Text(check.Cost), Text(WindowMs - (now % WindowMs)), Text(WindowMs),
            ]);
            return left[0] == '-' ? CheckBody.Denied() : check.Allowed();
        });
    }

    private static string KeyOf(string tenant, long window) => string.Create(
        CultureInfo.InvariantCulture, $"{{{tenant}}}:{window}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
