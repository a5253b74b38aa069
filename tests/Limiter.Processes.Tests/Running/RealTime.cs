using Limiter.Domain;

namespace Limiter.Processes.Tests.Running;

/// <summary>
/// The machine's own clock. Other processes cannot be given a manual one for what the operating system does to them, so
/// these tests alone pace themselves by it.
/// </summary>
internal static class RealTime
{
    /// <summary>Longest wait for something that should happen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public static Instant Now => Instant.From(TimeProvider.System.GetUtcNow());

    public static PeriodicTimer Pace(TimeSpan period) => new(period, TimeProvider.System);

    public static async Task PassAsync(long milliseconds)
    {
        using var timer = Pace(TimeSpan.FromMilliseconds(milliseconds));
        await timer.WaitForNextTickAsync();
    }

    public static Task UntilAsync(Func<bool> happened, string what) =>
        UntilAsync(() => Task.FromResult(happened()), what);

    public static async Task UntilAsync(Func<Task<bool>> happened, string what)
    {
        using var timer = Pace(Poll);
        var begun = Now;
        while (!await happened())
        {
            if (Now - begun > Patience.TotalMilliseconds) throw new TimeoutException($"It did not happen: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
