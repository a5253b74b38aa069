[assembly: AssemblyFixture(typeof(Limiter.Page.Tests.Kit.Chromium))]

namespace Limiter.Page.Tests.Kit;

/// <summary>The browser of this machine, started once for all tests. Without one the tests skip and say so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Names a browser elsewhere.</summary>
    public const string Variable = "LIMITER_CHROMIUM";

    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

    private IPlaywright? _driver;
    private IBrowser? _browser;

    /// <summary>Where it is; null when this machine has none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : Places.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Path is null) return;
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            // Its sandbox asks for rights that a container's root does not have; it opens this machine's pages alone.
            Args = ["--no-sandbox"],
        });
    }

    /// <summary>A window of its own, with nothing kept from another.</summary>
    /// <param name="server">Whose page.</param>
    /// <param name="width">In CSS pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    public async Task<Reader> OpenAsync(
        PageServer server, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null,
            $"This machine has no Chromium ({string.Join(", ", Places)} or {Variable}): the page is not looked at.");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Address.ToString(),
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        return await Reader.OpenAsync(context, server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _driver?.Dispose();
    }
}
