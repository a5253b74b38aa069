using System.Net;
using System.Text.RegularExpressions;

namespace Limiter.Page.Tests;

/// <summary>The page as it is served, before anybody shows a key.</summary>
public sealed partial class ShellTests
{
    private const int FirstViewBytesMax = 150 * 1024;
    private const string Wwwroot = "src/Limiter.Http/Dashboard/wwwroot";

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/")]
    public async Task The_page_is_there_for_anyone_and_holds_nothing_inline(string path)
    {
        await using var server = await PageServer.StartAsync();
        await server.RegisterAsync("acme", "basic");
        using var answer = await server.Anyone.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'; ");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldNotContain("acme");
        Inline().Matches(page).ShouldBeEmpty();
        page.ShouldNotContain("{assets}");
    }

    [Fact]
    public async Task Every_file_is_kept_for_good_under_an_address_that_changes_with_it()
    {
        await using var server = await PageServer.StartAsync();
        foreach (var path in await AssetsAsync(server))
        {
            using var answer = await server.Anyone.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
        using var other = await server.Anyone.GetAsync("/dashboard/0000000000000000/js/app.js");
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_browser_that_has_the_page_is_told_so()
    {
        await using var server = await PageServer.StartAsync();
        using var first = await server.Anyone.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await server.Anyone.SendAsync(request);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    public async Task A_file_comes_in_the_smallest_encoding_that_is_taken(string accepted, string? expected)
    {
        await using var server = await PageServer.StartAsync();
        var script = (await AssetsAsync(server))
            .Single(path => path.EndsWith("uPlot.iife.min.js", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, script);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await server.Anyone.SendAsync(request);
        answer.Content.Headers.ContentEncoding.ShouldBe(expected is null ? [] : [expected]);
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        var plain = new FileInfo(Repository.Full($"{Wwwroot}/vendor/uPlot.iife.min.js")).Length;
        var sent = (await answer.Content.ReadAsByteArrayAsync()).Length;
        if (expected is null) sent.ShouldBe((int)plain);
        else sent.ShouldBeLessThan((int)plain / 2);
    }

    [Fact]
    public async Task The_first_view_transfers_less_than_150_KB()
    {
        await using var server = await PageServer.StartAsync();
        var sum = 0L;
        foreach (var path in (await AssetsAsync(server)).Append("/"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
            using var answer = await server.Anyone.SendAsync(request);
            sum += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{sum} bytes");
        sum.ShouldBeLessThan(FirstViewBytesMax);
    }

    // What one script imports the next would otherwise wait for.
    [Fact]
    public async Task Every_script_is_asked_for_by_the_page_itself()
    {
        await using var server = await PageServer.StartAsync();
        var asked = (await AssetsAsync(server)).Select(Path.GetFileName).ToArray();
        Directory.EnumerateFiles(Repository.Full($"{Wwwroot}/js")).Select(Path.GetFileName).ShouldBeSubsetOf(asked);
    }

    [Theory]
    [InlineData("uPlot.iife.min.js", "dist/uPlot.iife.min.js")]
    [InlineData("uPlot.min.css", "dist/uPlot.min.css")]
    [InlineData("uPlot.LICENSE.txt", "LICENSE")]
    public async Task A_vendored_file_is_its_package_s_byte_for_byte(string vendored, string packaged)
    {
        var package = Repository.Full($"eng/page/node_modules/uplot/{packaged}");
        File.Exists(package).ShouldBeTrue("run ./test.sh, or npm ci in eng/page");
        (await File.ReadAllBytesAsync(Repository.Full($"{Wwwroot}/vendor/{vendored}")))
            .ShouldBe(await File.ReadAllBytesAsync(package));
    }

    private static async Task<string[]> AssetsAsync(PageServer server) =>
        [.. Asset().Matches(await server.Anyone.GetStringAsync("/")).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("(?:href|src)=\"(/dashboard/[^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("<style|style=|<script(?![^>]*src=)|\\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
