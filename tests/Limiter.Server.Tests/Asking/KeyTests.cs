namespace Limiter.Server.Tests.Asking;

public sealed class KeyTests
{
    [Fact]
    public async Task A_minted_secret_is_the_whole_answer_and_opens()
    {
        await using var server = await TestServer.StartAsync();
        var (cli, folder) = (Cli.For(server), new TemporaryFolder());
        using (folder)
        {
            await server.RegisterAsync();
            var minted = (await cli.RunAsync("keys", "mint", "acme", "--name", "ci", "--public", "k1", "--kind", "test",
                "--expires", "2h")).ShouldBe(0);
            minted.Out.ShouldStartWith("lk_test_");
            minted.Error.ShouldContain("Key k1 (ci)");
            var file = folder.File("secret");
            await File.WriteAllTextAsync(file, minted.Out);
            (await cli.RunAsync("check", "GET", "/x", "--credential-file", file)).ShouldBe(0);
            (await cli.At(false, minted.Out).RunAsync("check", "GET", "/x", "--credential-file", "-")).ShouldBe(0);
            var listed = (await cli.RunAsync("keys", "list", "acme", "--json")).Json.GetProperty("keys");
            listed.EnumerateArray().Single(key => key.GetProperty("key").GetString() == "k1")
                .GetProperty("expiresAt").GetString().ShouldBe("2026-01-01T02:00:00Z");
        }
    }

    [Fact]
    public async Task Rotation_gives_another_secret_and_revocation_none()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        var old = (await cli.RunAsync("keys", "mint", "acme", "--name", "ci", "--public", "k1", "--json")).Json
            .GetProperty("secret").GetString()!;
        var rotated = (await cli.RunAsync("keys", "rotate", "acme", "k1", "--overlap", "0s")).ShouldBe(0).Out.Trim();
        rotated.ShouldNotBe(old);
        (await cli.At(false, old).RunAsync("check", "GET", "/", "--credential-file", "-")).ShouldBe(1);
        (await cli.At(false, rotated).RunAsync("check", "GET", "/", "--credential-file", "-")).ShouldBe(0);
        (await cli.RunAsync("keys", "revoke", "acme", "k1", "--yes")).ShouldBe(0);
        (await cli.At(false, rotated).RunAsync("check", "GET", "/", "--credential-file", "-")).ShouldBe(1);
        (await cli.RunAsync("keys", "revoke", "acme", "k1", "--yes")).ShouldBe(1).Error
            .ShouldContain("The tenant has no such key.");
    }

    [Theory]
    [InlineData("mint acme", "--name")]
    [InlineData("mint acme --name x --kind gold", "live, test")]
    [InlineData("mint acme --name x --expires soon", "--expires: 'soon' is not")]
    [InlineData("rotate acme k1 --overlap 5", "--overlap: '5' is not a number and a unit")]
    [InlineData("list", "Required argument")]
    public async Task Bad_input_is_told(string words, string told)
    {
        await using var server = await TestServer.StartAsync();
        (await Cli.For(server).RunAsync(["keys", .. words.Split(' ')])).ShouldBe(2).Error.ShouldContain(told);
    }
}
