using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Limiter.Contracts.Tests.Proxy;

namespace Limiter.Contracts.Tests.Security;

/// <summary>The real process, which logs all that it can while keys and credentials are used in every way.</summary>
public sealed class LogTests : IDisposable
{
    private const string Everything = "export Logging__LogLevel__Default=Trace";
    private const string GatewayKey = "gateway-key-of-this-test-Ww1";
    private const string AdminKey = "admin-key-of-this-test-Ww2";
    private const string Wrong = "wrong-key-of-this-test-Ww3";
    private const string Imported = "imported-key-of-this-test-Ww4";
    private const string InQuery = "query-token-of-this-test-Ww5";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_secret_is_in_the_log_however_much_is_logged()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no shell, and no SIGTERM.");
        await using var upstream = await Upstream.StartAsync();
        var (server, address) = await ServerProcess.ListenAsAsync(
            Everything, _folder.Path, "--gateway-key", GatewayKey, "--admin-key", AdminKey,
            "--upstream", upstream.Address.ToString());
        await using var ending = server;
        using var client = new HttpClient { BaseAddress = address };
        var secrets = new List<string> { GatewayKey, AdminKey, Wrong, Imported, InQuery };
        await UseAsync(client, secrets);
        using (var kill = Process.Start("kill", ["-TERM", $"{server.Id}"])) await kill.WaitForExitAsync();
        await server.EndedAsync();
        var log = server.Output + server.Errors;
        // It did log: what is looked for would be in here.
        log.ShouldContain("dbug: ");
        log.Length.ShouldBeGreaterThan(10_000);
        foreach (var secret in secrets) log.ShouldNotContain(secret, Case.Sensitive, Around(log, secret));
    }

    private static async Task UseAsync(HttpClient client, List<string> secrets)
    {
        const string acme = "/v1/tenants/acme";
        await SendAsync(client, HttpMethod.Put, acme, AdminKey, """{"plan":"basic"}""");
        secrets.Add(SecretOf(await SendAsync(
            client, HttpMethod.Post, acme + "/keys", AdminKey, """{"name":"ci","key":"ci"}""")));
        secrets.Add(SecretOf(await SendAsync(
            client, HttpMethod.Post, acme + "/keys/ci/rotate", AdminKey, """{"overlapSeconds":600}""")));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Imported)));
        await SendAsync(
            client, HttpMethod.Post, acme + "/keys", AdminKey, $$"""{"name":"old","sha256":"{{hash}}"}""");
        foreach (var credential in secrets.ToArray())
        {
            var body = $$"""{"credential":"{{credential}}","method":"GET","path":"/a?token={{InQuery}}"}""";
            await SendAsync(client, HttpMethod.Post, "/v1/check", GatewayKey, body);
            await SendAsync(client, HttpMethod.Post, "/v1/check", credential, body);
            await SendAsync(client, HttpMethod.Post, "/v1/check", GatewayKey, body[..^3]);
            await SendAsync(client, HttpMethod.Post, "/v1/explain", GatewayKey, body);
            await SendAsync(client, HttpMethod.Get, $"/v1/limits?credential={credential}", GatewayKey);
            await SendAsync(client, HttpMethod.Get, $"/proxy/a?token={InQuery}", credential);
            await SendAsync(client, HttpMethod.Get, $"/v1/nothing?token={InQuery}", credential);
            await SendAsync(client, HttpMethod.Get, "/v1/authorize/a", GatewayKey, null, credential);
        }
        await SendAsync(client, HttpMethod.Delete, acme, AdminKey);
    }

    private static async Task<string> SendAsync(
        HttpClient client, HttpMethod method, string path, string key, string? body = null, string? own = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own ?? key);
        if (own is not null) request.Headers.Add("X-Limiter-Key", key);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string SecretOf(string answer) =>
        JsonDocument.Parse(answer).RootElement.GetProperty("secret").GetString().ShouldNotBeNull();

    private static string Around(string log, string secret)
    {
        var at = log.IndexOf(secret, StringComparison.Ordinal);
        return at < 0 ? "" : log[Math.Max(0, at - 300)..Math.Min(log.Length, at + 100)];
    }
}
