namespace Limiter.Server.Tests.Offline;

public sealed class PolicyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_that_is_wrong_with_a_file_is_told()
    {
        var file = _folder.File("bad.json");
        await File.WriteAllTextAsync(file, "{\n \"policy\": \"x\",\n \"limits\": 5,\n \"surprise\": 1\n}");
        var result = (await _cli.RunAsync("policy", "validate", file)).ShouldBe(1);
        result.Error.ShouldContain($"{file}: line 3");
        result.Error.ShouldContain($"{file}: line 4");
        var json = (await _cli.RunAsync("policy", "validate", file, "--json")).ShouldBe(1).Json;
        json.GetProperty("valid").GetBoolean().ShouldBeFalse();
        json.GetProperty("errors").GetArrayLength().ShouldBeGreaterThan(1);
        (await _cli.RunAsync("policy", "validate", "nothing")).ShouldBe(1).Error.ShouldContain("waqti");
    }

    [Theory]
    [InlineData("lms")]
    [InlineData("points")]
    [InlineData("waqti")]
    [InlineData("workestra")]
    [InlineData("wundertre")]
    public async Task The_shipped_policies_are_valid_and_shown(string name)
    {
        (await _cli.RunAsync("policy", "validate", name)).ShouldBe(0);
        var shown = (await _cli.RunAsync("policy", "show", name)).ShouldBe(0);
        shown.Lines[0].ShouldStartWith($"policy {name}, sha256 ");
        var json = (await _cli.RunAsync("policy", "show", name, "--json")).ShouldBe(0).Json;
        json.GetProperty("endpoints").GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var plan in json.GetProperty("plans").EnumerateObject()) shown.Out.ShouldContain(plan.Name);
    }

    [Fact]
    public async Task What_a_server_serves_is_shown()
    {
        await using var server = await TestServer.StartAsync();
        (await Cli.For(server).RunAsync("policy", "show")).ShouldBe(0).Out.ShouldContain(" serves waqti (digest ");
    }

    [Fact]
    public async Task A_new_policy_is_valid_and_overwrites_nothing()
    {
        var file = _folder.File("new.json");
        (await _cli.RunAsync("policy", "new", "--name", "shop", "--out", file)).ShouldBe(0);
        (await _cli.RunAsync("policy", "validate", file)).ShouldBe(0).Out.ShouldContain("the policy shop is valid");
        (await _cli.RunAsync("policy", "new", "--out", file)).ShouldBe(2).Error.ShouldContain("is there already");
        (await _cli.RunAsync("policy", "new", "--name", "no \"name\"")).ShouldBe(2).Error.ShouldContain("--name");
        var printed = (await _cli.RunAsync("policy", "new", "--name", "shop")).ShouldBe(0).Out;
        printed.ShouldBe(await File.ReadAllTextAsync(file));
    }
}
