namespace Limiter.Page.Tests;

/// <summary>One tenant's view, the operator's and the viewer's, over the real server.</summary>
public sealed class TenantTests(Chromium chromium)
{
    [Fact]
    public async Task A_tenant_s_view_holds_its_limits_totals_and_breakdowns()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic", "ci");
        await server.SpendAsync("acme", 40, "ci");
        await server.SpendAsync("acme", 30);
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.OpenTenantAsync("acme");
        (await TextAsync(reader, "Limits now")).ShouldContain("60 of 1,000 used");
        var totals = await TextAsync(reader, "Today and this month");
        totals.ShouldMatch(@"Requests today\s+70\s+60 allowed");
        totals.ShouldMatch(@"Denied today \(429\)\s+10\s+14% of requests");
        (await TextAsync(reader, "By endpoint")).ShouldContain("standard");
        (await TextAsync(reader, "By key")).ShouldMatch(@"ci\s+40");
        (await TextAsync(reader, "Denials by limit")).ShouldMatch(@"minute\s+10\s+10\s+14%");
        (await TextAsync(reader, "Peak hours")).ShouldContain("70 in four weeks");
        (await TextAsync(reader, "Alerts sent")).ShouldContain("No alerts were sent.");
        await reader.ShootAsync("tenant");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task Every_chart_is_there_as_a_table_too()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic");
        await server.SpendAsync("acme", 70);
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.OpenTenantAsync("acme");
        var history = reader.Panel("History");
        foreach (var range in new[] { "24 hours", "7 days", "28 days", "60 days", "12 months" })
        {
            await history.GetByLabel(range).CheckAsync(new() { Force = true });
            await reader.SettledAsync();
            await history.GetByText("As a table").ClickAsync();
            var row = await history.Locator("tbody tr").First.InnerTextAsync();
            row.ShouldMatch(@"70\s+60\s+10\s+14%", range);
            await history.GetByText("As a table").ClickAsync();
        }
        (await reader.Panel("Peak hours").Locator("table td span").AllInnerTextsAsync())
            .Count(text => text == "70").ShouldBe(1);
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task Limits_per_key_are_added_up_across_the_keys()
    {
        await using var server = await PageServer.StartAsync("lms");
        await server.RegisterAsync("acme", "professional", "k1", "k2");
        await server.SpendAsync("acme", 30, "k1");
        await server.SpendAsync("acme", 10, "k2");
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.OpenTenantAsync("acme");
        var hour = reader.Page.Locator("[data-limit=hour]");
        (await hour.InnerTextAsync()).ShouldContain("40 of 2,000 used");
        await hour.GetByText("By key (2)").ClickAsync();
        (await hour.Locator("tbody").InnerTextAsync()).ShouldMatch(@"k1\s+30\s+1,000");
        await reader.ShootAsync("tenant-per-key");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task A_tenant_without_requests_and_one_that_is_not_there_are_said_so()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic");
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.OpenTenantAsync("acme");
        (await TextAsync(reader, "History")).ShouldContain("No requests in this time.");
        (await TextAsync(reader, "Peak hours")).ShouldContain("No requests in four weeks.");
        (await TextAsync(reader, "Denials by limit")).ShouldContain("No limit refused anything this month.");
        await reader.ShootAsync("tenant-empty");
        await reader.Page.EvaluateAsync("() => location.hash = '#/tenant/nobody'");
        await reader.Page.GetByText("There is no tenant of this name.").WaitForAsync();
        await reader.ShootAsync("tenant-unknown");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task A_viewer_s_link_opens_one_tenant_and_leaves_the_address_at_once()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic");
        await server.RegisterAsync("globex", "basic");
        await server.SpendAsync("acme", 5);
        var token = await server.LinkAsync("acme");
        await using var reader = await chromium.OpenAsync(server);
        await reader.GoAsync("/dashboard/#" + token);
        await reader.Panel("Limits now").WaitForAsync();
        await reader.SettledAsync();
        reader.Page.Url.ShouldEndWith("/dashboard/#/");
        (await TextAsync(reader, "Today and this month")).ShouldMatch(@"Requests today\s+5");
        (await TextAsync(reader, "Alerts sent")).ShouldContain("No alerts were sent.");
        (await reader.Page.GetByRole(AriaRole.Banner).InnerTextAsync()).ShouldContain("acme, for finance");
        (await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Make a viewer's link" }).CountAsync())
            .ShouldBe(0);
        await reader.ShootAsync("viewer");
        // Another tenant in the address changes nothing: the link is one tenant's.
        await reader.Page.EvaluateAsync("() => location.hash = '#/tenant/globex'");
        await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "acme", Level = 1 }).WaitForAsync();
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task A_link_that_is_none_is_refused_in_words()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.GoAsync("/dashboard/#lv_AAAAAAAAAAAAAAAA");
        await reader.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "This viewer's link is not one of" })
            .WaitForAsync();
        await reader.Page.GetByLabel("Admin key").WaitForAsync();
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task An_operator_makes_a_link_that_works()
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic");
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.OpenTenantAsync("acme");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Make a viewer's link" }).ClickAsync();
        await reader.Page.GetByLabel("For whom").FillAsync("finance");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Make a link", Exact = true }).ClickAsync();
        var link = await reader.Page.GetByLabel("The link", new() { Exact = true }).InputValueAsync();
        await reader.ShootAsync("tenant-link");
        await using var viewer = await chromium.OpenAsync(server);
        await viewer.GoAsync(link);
        await viewer.Panel("Limits now").WaitForAsync();
        reader.ShouldBeAtEase();
        viewer.ShouldBeAtEase();
    }

    private static Task<string> TextAsync(Reader reader, string panel) => reader.Panel(panel).InnerTextAsync();
}
