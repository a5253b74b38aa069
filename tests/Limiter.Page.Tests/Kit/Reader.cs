using System.Collections.Concurrent;

namespace Limiter.Page.Tests.Kit;

/// <summary>
/// Somebody who looks at the page. Whatever the page asks of another host, or its scripts complain of, is kept.
/// </summary>
public sealed class Reader : IAsyncDisposable
{
    private const string Shots = "artifacts/page";

    private readonly IBrowserContext _context;
    private readonly Uri _server;

    private Reader(IBrowserContext context, IPage page, Uri server) =>
        (_context, Page, _server) = (context, page, server);

    public IPage Page { get; }

    /// <summary>Addresses of other hosts that were asked for.</summary>
    public ConcurrentQueue<string> Strangers { get; } = [];

    /// <summary>Errors of scripts, and what the content policy refused.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Reader> OpenAsync(IBrowserContext context, Uri server)
    {
        var reader = new Reader(context, await context.NewPageAsync(), server);
        reader.Page.SetDefaultTimeout(20_000);
        context.Request += (_, request) => reader.Note(new Uri(request.Url));
        reader.Page.PageError += (_, error) => reader.Complaints.Enqueue(error);
        reader.Page.Console += (_, message) => reader.Hear(message);
        return reader;
    }

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>Shows a key as a person does, and waits for the overview.</summary>
    public async Task SignInAsync(string key = PageServer.AdminKey)
    {
        await GoAsync("/");
        await Page.GetByLabel("Admin key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the figures" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 }).WaitForAsync();
    }

    /// <summary>Opens a tenant's view and waits for its limits.</summary>
    public async Task OpenTenantAsync(string tenant)
    {
        await Page.EvaluateAsync("name => location.hash = '#/tenant/' + encodeURIComponent(name)", tenant);
        await Panel("Limits now").WaitForAsync();
        await SettledAsync();
    }

    /// <summary>A section by its heading.</summary>
    public ILocator Panel(string title) => Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    /// <summary>Waits until every part of the view has its figures.</summary>
    public Task SettledAsync() =>
        Page.WaitForFunctionAsync("() => document.querySelectorAll('[aria-busy]').length === 0");

    /// <summary>Keeps a picture of the whole page with the test's output.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Repository.Root, Shots, name + ".png"),
        FullPage = true,
    });

    /// <summary>Nothing was asked of another host, and no script complained.</summary>
    public void ShouldBeAtEase()
    {
        Strangers.ShouldBeEmpty();
        Complaints.ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => new(_context.CloseAsync());

    private void Note(Uri asked)
    {
        if (asked.Scheme is not "data" and not "blob" && asked.Authority != _server.Authority)
            Strangers.Enqueue(asked.ToString());
    }

    // The browser itself reports every answer of 400 and more; the tests that provoke one expect it.
    private void Hear(IConsoleMessage message)
    {
        if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            Complaints.Enqueue(message.Text);
    }
}
