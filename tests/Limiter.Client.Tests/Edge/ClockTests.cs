using Microsoft.Extensions.DependencyInjection;

namespace Limiter.Client.Tests.Edge;

/// <summary>An API whose wall clock is wrong, or is put right: limits go by the limiter's time.</summary>
public sealed class ClockTests
{
    private const int Number = 100;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0, 3_600)]
    [InlineData(0, -3_600)]
    [InlineData(-86_400, 0)]
    [InlineData(400, -400)]
    public async Task Whatever_the_clock_of_an_API_does_each_window_admits_its_number(int before, int after)
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number));
        var secret = await limiter.RegisterAsync("acme", "only");
        var wrong = new SteppingClock(limiter.Clock) { Off = TimeSpan.FromSeconds(before) };
        await using var stepping = await TestApi.StartAsync(
            limiter, add: services => services.AddSingleton<TimeProvider>(wrong));
        await using var right = await TestApi.StartAsync(limiter);
        for (var window = 0; window < 3; window++)
        {
            var admitted = await stepping.AdmittedAsync(secret, 20) + await right.AdmittedAsync(secret, 20);
            wrong.Off = TimeSpan.FromSeconds(window % 2 == 0 ? after : before);
            // What the step ended, or did not, comes back at the latest when its leases' lifetime is over.
            limiter.Manual.Advance(TimeSpan.FromSeconds(25));
            admitted += await stepping.AdmittedAsync(secret, Number) + await right.AdmittedAsync(secret, Number);
            admitted.ShouldBe(Number);
            limiter.Manual.Advance(Window - TimeSpan.FromSeconds(25));
        }
    }
}
