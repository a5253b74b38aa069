using System.Globalization;

namespace Limiter.Page.Tests;

/// <summary>The operator's view over the real server.</summary>
public sealed class OverviewTests(Chromium chromium)
{
    private const string Live = "[data-live=allowed]";

    [Fact]
    public async Task Live_numbers_move_while_load_runs_and_rest_when_it_ends()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "enterprise");
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await StateAsync(reader, "live");
        using (var ending = new CancellationTokenSource())
        {
            var load = LoadAsync(server, ending.Token);
            await reader.Page.WaitForFunctionAsync(
                $"() => Number(document.querySelector('{Live}').textContent.replace(',', '')) > 0");
            await reader.ShootAsync("overview-live");
            await ending.CancelAsync();
            await load;
        }
        await reader.Page.WaitForFunctionAsync($"() => document.querySelector('{Live}').textContent === '0'");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task Without_traffic_the_page_says_so_in_words()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.Page.GetByText("Nothing was counted in the last five minutes.").WaitForAsync();
        await reader.Page.GetByText("Nobody is near a limit.").WaitForAsync();
        await reader.Page.GetByText("waqti").First.WaitForAsync();
        await reader.ShootAsync("overview-empty");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task Who_is_near_or_over_a_limit_is_listed_with_the_time_to_its_reset()
    {
        await using var server = await PageServer.StartAsync("""
            { "policy": "day",
              "limits": { "day": { "algorithm": "calendar", "window": "day" } }, "plans": { "basic": { "day": 60 } },
              "response": { "denied": { "error": "denied" } } }
            """, PageServer.Noon);
        await server.RegisterAsync("acme", "basic");
        await server.RegisterAsync("globex", "basic");
        await server.RegisterAsync("initech", "basic");
        await server.SpendAsync("acme", 65);
        await server.SpendAsync("globex", 52);
        await server.SpendAsync("initech", 2);
        await server.PassMinuteAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        var near = reader.Panel("Near or over a limit");
        await near.GetByRole(AriaRole.Link, new() { Name = "acme" }).WaitForAsync();
        var words = await near.InnerTextAsync();
        words.ShouldContain("over a limit");
        words.ShouldContain("globex");
        words.ShouldNotContain("initech");
        words.ShouldMatch(@"day: 0 of 60 left\s+resets in 11 h 58 min");
        words.ShouldMatch(@"day: 8 of 60 left");
        await reader.ShootAsync("overview-near");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task When_the_server_stops_the_figures_are_said_to_be_stale_and_come_back_with_it()
    {
        var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await StateAsync(reader, "live");
        var port = server.Address.Port;
        await server.DisposeAsync();
        await StateAsync(reader, "lost");
        (await reader.Page.Locator(".live-state").InnerTextAsync()).ShouldStartWith("stale: connection lost");
        await reader.Panel("Tenants").GetByText("The limiter cannot be reached.").WaitForAsync();
        await reader.ShootAsync("overview-server-stopped");
        await using var again = await PageServer.StartAsync(port: port);
        await StateAsync(reader, "live");
        await reader.Page.GetByText("Nothing was counted in the last five minutes.").WaitForAsync();
    }

    [Fact]
    public async Task Ten_thousand_tenants_are_paged_through()
    {
        const int tenants = 10_000;
        await using var server = await PageServer.StartAsync(clock: PageServer.Noon);
        await Parallel.ForAsync(0, tenants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"tenant-{at:00000}");
            await server.RegisterAsync(name, "basic");
            await server.CheckAsync(name);
        });
        await server.SpendAsync("tenant-00007", 20);
        await server.PassMinuteAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        var panel = reader.Panel("Tenants");
        await panel.GetByText("1–50 of 10,000 active tenants").WaitForAsync();
        (await panel.Locator("tbody tr").CountAsync()).ShouldBe(50);
        (await panel.Locator("tbody th a").First.InnerTextAsync()).ShouldBe("tenant-00007");
        var seen = (await panel.Locator("tbody th a").AllInnerTextsAsync()).ToHashSet();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await panel.GetByText("51–100 of 10,000 active tenants").WaitForAsync();
        (await panel.Locator("tbody th a").AllInnerTextsAsync()).ShouldAllBe(name => seen.Add(name));
        await panel.GetByRole(AriaRole.Button, new() { Name = "Previous" }).ClickAsync();
        await panel.GetByText("1–50 of 10,000 active tenants").WaitForAsync();
        await reader.ShootAsync("overview-10000-tenants");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task The_first_view_asks_no_other_host_and_is_small()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        var (bytes, milliseconds) = await FirstViewAsync(reader);
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes, shown after {milliseconds:0} ms");
        bytes.ShouldBeInRange(1, 150 * 1024);
        reader.ShouldBeAtEase();
    }

    /// <summary>What the browser itself counted, and when it first painted.</summary>
    private static async Task<(long Bytes, double Milliseconds)> FirstViewAsync(Reader reader)
    {
        await reader.SettledAsync();
        var bytes = await reader.Page.EvaluateAsync<long>(
            "() => [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
            + ".filter(one => !one.name.includes('/v1/live')).reduce((sum, one) => sum + one.transferSize, 0)");
        var painted = await reader.Page.EvaluateAsync<double>(
            "() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        return (bytes, painted);
    }

    private static Task StateAsync(Reader reader, string state) =>
        reader.Page.Locator($".live-state[data-state={state}]").WaitForAsync(new() { Timeout = 60_000 });

    private static async Task LoadAsync(PageServer server, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested) await server.CheckAsync("acme");
    }
}
