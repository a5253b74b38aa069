namespace Limiter.Page.Tests;

/// <summary>How the page comes by its key, and how it loses it.</summary>
public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task A_wrong_key_is_not_kept_and_the_reason_is_said()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.GoAsync("/");
        var field = reader.Page.GetByLabel("Admin key");
        await field.FillAsync("wrong");
        await field.PressAsync("Enter");
        await reader.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "A valid operator key is required" })
            .WaitForAsync();
        (await KeptAsync(reader)).ShouldBe("0 0");
        await reader.ShootAsync("signin-wrong-key");
        await field.FillAsync(PageServer.GatewayKey);
        await field.PressAsync("Enter");
        await reader.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "the admin key's" }).WaitForAsync();
        (await KeptAsync(reader)).ShouldBe("0 0");
        reader.ShouldBeAtEase();
    }

    [Fact]
    public async Task The_key_is_kept_in_the_tab_alone_and_never_in_the_address()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        reader.Page.Url.ShouldNotContain(PageServer.AdminKey);
        (await KeptAsync(reader)).ShouldBe("1 0");
        await reader.Page.ReloadAsync();
        await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await reader.Page.GetByLabel("Admin key").WaitForAsync();
        (await KeptAsync(reader)).ShouldBe("0 0");
        reader.ShouldBeAtEase();
    }

    // A restarted server has another key: what the page holds is worth nothing any more.
    [Fact]
    public async Task A_key_that_is_no_longer_taken_is_forgotten_with_the_reason()
    {
        await using var server = await PageServer.StartAsync();
        await using var reader = await chromium.OpenAsync(server);
        await reader.SignInAsync();
        await reader.Page.EvaluateAsync("() => sessionStorage.setItem('limiter.key', 'of-yesterday')");
        await reader.Page.GetByLabel("Admin key").WaitForAsync();
        await reader.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "A valid operator key is required" })
            .WaitForAsync();
        (await KeptAsync(reader)).ShouldBe("0 0");
    }

    [Fact]
    public async Task The_keyboard_alone_leads_from_the_key_to_a_tenant_and_back()
    {
        await using var server = await PageServer.StartAsync(clock: PageServer.Noon);
        await server.RegisterAsync("acme", "basic");
        await server.SpendAsync("acme", 3);
        await server.PassMinuteAsync();
        await using var reader = await chromium.OpenAsync(server);
        var keyboard = reader.Page.Keyboard;
        await reader.GoAsync("/");
        await reader.Page.GetByLabel("Admin key").WaitForAsync();
        // The field has the focus already.
        await keyboard.TypeAsync(PageServer.AdminKey);
        await keyboard.PressAsync("Enter");
        await reader.Panel("Tenants").GetByRole(AriaRole.Link, new() { Name = "acme" }).WaitForAsync();
        await PressUntilAsync(reader, "acme");
        await keyboard.PressAsync("Enter");
        await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "acme", Level = 1 }).WaitForAsync();
        await reader.Panel("Limits now").WaitForAsync();
        await PressUntilAsync(reader, "Overview");
        await keyboard.PressAsync("Enter");
        await reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 }).WaitForAsync();
        reader.ShouldBeAtEase();
    }

    /// <summary>Goes from stop to stop with Tab, until one of this text has the focus; at most forty.</summary>
    private static async Task PressUntilAsync(Reader reader, string text)
    {
        for (var stops = 0; stops < 40; stops++)
        {
            await reader.Page.Keyboard.PressAsync("Tab");
            if (await reader.Page.EvaluateAsync<string>("() => document.activeElement.textContent") == text) return;
        }
        Assert.Fail($"Tab never reached '{text}'.");
    }

    private static Task<string> KeptAsync(Reader reader) =>
        reader.Page.EvaluateAsync<string>("() => `${sessionStorage.length} ${localStorage.length}`");
}
