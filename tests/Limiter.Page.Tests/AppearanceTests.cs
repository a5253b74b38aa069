using System.Text.Json;

namespace Limiter.Page.Tests;

/// <summary>
/// Whoever reads it, on whatever screen: judged by axe-core, in both colour schemes and at 320 pixels.
/// </summary>
public sealed class AppearanceTests(Chromium chromium)
{
    private const string Axe = "eng/page/node_modules/axe-core/axe.min.js";
    private static readonly string[] Grave = ["serious", "critical"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Every_view_can_be_read_by_everybody_and_fits(ColorScheme scheme, int width)
    {
        await using var server = await BusyAsync();
        await using var reader = await chromium.OpenAsync(server, width, scheme);
        await reader.GoAsync("/");
        await reader.Page.GetByLabel("Admin key").WaitForAsync();
        await JudgeAsync(reader, "signin", scheme, width);
        await reader.SignInAsync();
        await reader.Panel("Tenants").GetByRole(AriaRole.Link, new() { Name = "acme" }).WaitForAsync();
        await reader.SettledAsync();
        await JudgeAsync(reader, "overview", scheme, width);
        await reader.OpenTenantAsync("acme");
        await reader.Panel("History").GetByText("As a table").ClickAsync();
        await JudgeAsync(reader, "tenant", scheme, width);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Make a viewer's link" }).ClickAsync();
        await JudgeAsync(reader, "dialog", scheme, width);
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task The_switch_changes_the_colours_and_is_remembered()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.GoAsync("/");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Use dark colours" }).ClickAsync();
        await reader.Page.ReloadAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Use light colours" }).WaitForAsync();
        (await reader.Page.EvaluateAsync<string>("() => document.documentElement.dataset.theme")).ShouldBe("dark");
        (await reader.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).colorScheme")).ShouldBe("dark");
        reader.ShouldBeAtEase();
    }

    private static async Task JudgeAsync(Reader reader, string view, ColorScheme scheme, int width)
    {
        await reader.ShootAsync($"{view}-{scheme}-{width}".ToLowerInvariant());
        (await reader.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"))
            .ShouldBeLessThanOrEqualTo(width, $"{view} scrolls sideways");
        // Evaluated by the browser's debugger: the page's own policy lets no script in.
        await reader.Page.EvaluateAsync(await File.ReadAllTextAsync(Repository.Full(Axe)) + ";0");
        var found = await reader.Page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run()).violations.map(one => ({ impact: one.impact, id: one.id,"
            + " where: one.nodes.map(node => node.target.join(' ')).join(', ') }))");
        found.EnumerateArray().Where(one => Grave.Contains(one.GetProperty("impact").GetString()))
            .Select(one => one.ToString()).ShouldBeEmpty($"{view}, {scheme}, {width}");
    }

    /// <summary>A server on which somebody is over a limit, and a shadow limit would have refused.</summary>
    private static async Task<PageServer> BusyAsync()
    {
        var server = await PageServer.StartAsync("""
            { "policy": "busy",
              "limits": {
                "minute": { "algorithm": "slidingWindow", "window": "60s" },
                "trial": { "algorithm": "slidingWindow", "window": "60s", "shadow": true } },
              "plans": { "basic": { "minute": 60, "trial": 20 } },
              "endpoints": [ { "group": "write", "match": "POST /things/{id}/parts/*" } ],
              "response": { "denied": { "error": "denied" } } }
            """, PageServer.Noon);
        await server.RegisterAsync("acme", "basic", "ci");
        await server.RegisterAsync("globex", "basic");
        await server.SpendAsync("acme", 70, "ci");
        await server.SpendAsync("globex", 50);
        await server.CheckAsync("globex", method: "POST", path: "/things/1/parts/2");
        await server.PassMinuteAsync();
        return server;
    }
}
