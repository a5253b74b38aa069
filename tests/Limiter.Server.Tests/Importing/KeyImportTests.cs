using System.Security.Cryptography;
using System.Text;

namespace Limiter.Server.Tests.Importing;

public sealed class KeyImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Imported_keys_open_with_the_secrets_that_clients_have()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        var file = Write($"""
            tenant,name,hash,key,expires
            acme,old one,{Hash("secret-1")},,
            acme,"old, two",{Hash("secret-2").ToUpperInvariant()},k2,2026-06-01
            """);
        (await cli.RunAsync("keys", "import", file)).ShouldBe(0).Out.ShouldStartWith("2 keys: 2 added");
        foreach (var secret in new[] { "secret-1", "secret-2" })
            (await cli.At(false, secret).RunAsync("check", "GET", "/", "--credential-file", "-")).ShouldBe(0);
        (await cli.RunAsync("keys", "import", file)).ShouldBe(0).Out.ShouldStartWith("2 keys: 0 added, 2 were there");
        (await cli.RunAsync("keys", "import", file, "--dry-run")).ShouldBe(0).Out.ShouldContain("2 were there");
    }

    [Fact]
    public async Task A_key_that_is_there_with_another_secret_or_end_fails()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        (await cli.RunAsync("keys", "import", Write($"tenant,name,hash,key\nacme,a,{Hash("1")},k1\n"))).ShouldBe(0);
        var file = Write($"""
            tenant,name,hash,key,expires
            acme,a,{Hash("2")},k1,
            acme,a,{Hash("1")},k1,2026-06-01
            acme,a,{Hash("1")},k2,
            nobody,a,{Hash("3")},k3,
            """);
        var result = (await cli.RunAsync("keys", "import", file, "--continue", "--parallel", "1")).ShouldBe(1);
        result.Error.ShouldContain(":2: the key k1 is there with another secret");
        result.Error.ShouldContain(":3: the key k1 is there with another end: never");
        result.Error.ShouldContain(":4: the secret is another key's already");
        result.Error.ShouldContain(":5: The tenant is not registered.");
    }

    [Theory]
    [InlineData("acme,a,abc,", "64 hexadecimal digits")]
    [InlineData("acme,a,HASH,tomorrow", "'tomorrow' is no time")]
    [InlineData("acme,a,HASH,2025-01-01", "in the future")]
    [InlineData("ac me,a,HASH,", "no tenant's name")]
    public async Task A_bad_line_is_told(string line, string told)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var file = Write($"tenant,name,hash,expires\n{line.Replace("HASH", Hash("x"))}\n");
        var result = (await Cli.For(server).RunAsync("keys", "import", file)).ShouldBe(1);
        result.Error.ShouldContain($"{file}:2: ");
        result.Error.ShouldContain(told);
        (await Cli.For(server).RunAsync("keys", "import", Write("tenant,name,hash,color\n"))).ShouldBe(2);
    }

    private string Write(string text)
    {
        var file = _folder.File("keys.csv");
        File.WriteAllText(file, text);
        return file;
    }

    private static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
