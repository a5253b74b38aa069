using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Startup;
using Limiter.Server.Demo;
using Limiter.Server.Options;

namespace Limiter.Server.Tests.Demo;

public sealed class DemoTrafficTests
{
    private const int Seed = 1;

    private static readonly DateTimeOffset Wednesday = new(2026, 1, 7, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_and_minute_make_the_same_requests_whatever_was_asked_before()
    {
        var (one, other) = (new DemoTraffic(Seed), new DemoTraffic(Seed));
        other.At(Wednesday.AddHours(3));
        one.At(Wednesday.AddHours(10)).ShouldBe(other.At(Wednesday.AddHours(10)));
        one.At(Wednesday.AddHours(10)).ShouldNotBe(one.At(Wednesday.AddHours(10).AddMinutes(1)));
        one.At(Wednesday.AddHours(10)).ShouldNotBe(new DemoTraffic(Seed + 1).At(Wednesday.AddHours(10)));
    }

    [Fact]
    public void A_day_has_hours_and_a_week_has_an_end()
    {
        var traffic = new DemoTraffic(Seed);
        var day = Day(traffic, Wednesday);
        day.Length.ShouldBeInRange(5_000, 25_000);
        Hour(traffic, Wednesday.AddHours(12)).ShouldBeGreaterThan(3 * Hour(traffic, Wednesday.AddHours(1)));
        Day(traffic, Wednesday.AddDays(3)).Length.ShouldBeLessThan(day.Length / 2);
        day.Select(request => request.Tenant).Distinct().Count().ShouldBeGreaterThan(190);
    }

    [Fact]
    public void Every_tenant_has_a_plan_of_the_policy_and_every_request_a_rule()
    {
        var policy = Load();
        var traffic = new DemoTraffic(Seed);
        traffic.Tenants.Length.ShouldBe(DemoTenant.Count);
        traffic.Tenants.Select(tenant => tenant.Name).ShouldBeUnique();
        traffic.Tenants.Select(tenant => tenant.Plan).Distinct()
            .ShouldBe(policy.Plans.Select(plan => plan.Name), ignoreOrder: true);
        traffic.Tenants.Select(tenant => tenant.Contract).Distinct().Count().ShouldBe(5);
    }

    // A minute of a busy hour through a real server, as the demo puts it: every check is allowed or denied.
    [Fact]
    public async Task The_server_takes_what_the_demo_sends()
    {
        var options = new ServerOptions
        {
            Data = ServerOptions.InMemory,
            Urls = "http://127.0.0.1:0",
            IsDevelopment = true,
            LeaseMs = 0,
        };
        await using var server = await LimiterServer.OpenAsync(options, Load(), new ManualClock(Wednesday), default);
        await server.StartAsync(default);
        using var client = new DemoClient(server.Address, options.AdminKey);
        var traffic = new DemoTraffic(Seed);
        await client.RegisterAsync(traffic.Tenants, default);
        await client.MoveAsync(Wednesday.AddHours(12), default);
        var hour = Enumerable.Range(0, 60).SelectMany(minute => traffic.At(Wednesday.AddHours(12).AddMinutes(minute)))
            .ToArray();
        var denied = await client.CheckAsync(hour, default);
        denied.ShouldBeInRange(1, hour.Length / 2);
    }

    private static DemoRequest[] Day(DemoTraffic traffic, DateTimeOffset day) =>
        [.. Enumerable.Range(0, 24 * 60).SelectMany(minute => traffic.At(day.AddMinutes(minute)))];

    private static int Hour(DemoTraffic traffic, DateTimeOffset hour) =>
        Enumerable.Range(0, 60).Sum(minute => traffic.At(hour.AddMinutes(minute)).Length);

    private static Policy Load()
    {
        PolicySource.TryLoad("demo", out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
