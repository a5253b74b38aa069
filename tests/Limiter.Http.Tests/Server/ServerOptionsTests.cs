using Limiter.Server.Options;
using Microsoft.Extensions.Configuration;

namespace Limiter.Http.Tests.Server;

public sealed class ServerOptionsTests
{
    private const string Long = "sixteen-bytes-ky";

    [Fact]
    public void Development_needs_no_options()
    {
        var options = Read([], isDevelopment: true, out var errors);
        errors.ShouldBeEmpty();
        (options.Policy, options.Data, options.Urls).ShouldBe(("waqti", "limiter-data", "http://127.0.0.1:7071"));
        (options.GatewayKey, options.AdminKey, options.Samples).ShouldBe(("dev", "dev", true));
    }

    [Fact]
    public void Elsewhere_policy_and_keys_are_required()
    {
        Read([], isDevelopment: false, out var errors);
        errors.Select(error => error.Split(':')[0]).ShouldBe(["--policy", "--gateway-key", "--admin-key"]);
    }

    [Fact]
    public void Development_on_an_open_address_needs_keys()
    {
        Read(["--urls", "http://127.0.0.1:1;http://0.0.0.0:2"], isDevelopment: true, out var errors);
        errors.Count.ShouldBe(2);
    }

    [Fact]
    public void Every_error_is_told_at_once()
    {
        Read(["--nope", "--clock=sundial", "--lease-ms", "30001", "--upstream", "ftp://x", "--urls", "x", "--data"],
            isDevelopment: true, out var errors);
        string[] flags = ["--nope", "--clock", "--lease-ms", "--upstream", "--urls", "--data"];
        errors.Select(error => error.Split(':')[0]).ShouldBe(flags, ignoreOrder: true);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        var options = Read(["--data", "memory"], true, out var errors,
            ("Limiter:Data", "elsewhere"), ("LIMITER:POLICY", "points"), ("Limiter:LeaseMs", "0"));
        errors.ShouldBeEmpty();
        (options.Data, options.Policy, options.LeaseMs).ShouldBe(("memory", "points", 0));
    }

    [Fact]
    public void A_misspelt_setting_is_told()
    {
        Read([], true, out var errors, ("Limiter:Polizy", "points"));
        errors.Single().ShouldContain("Limiter:Polizy");
    }

    [Theory]
    [InlineData("--keep-minutes", "2", "--keep-minutes")]
    [InlineData("--keep-minutes", "89", "--keep-hours")]
    [InlineData("--keep-hours", "700", "--keep-days")]
    [InlineData("--keep-days", "4000", "--keep-days")]
    public void Coarser_usage_is_kept_for_longer(string flag, string days, string wrong)
    {
        Read([flag, days], true, out var errors);
        errors.Single().ShouldStartWith(wrong + ": ");
        var options = Read(["--keep-minutes", "7", "--keep-hours", "30"], true, out errors);
        errors.ShouldBeEmpty();
        options.Kept.ShouldBe(new Limiter.Engine.Usage.UsageKept(7, 30, 731));
    }

    [Fact]
    public void A_manual_clock_is_for_development_only()
    {
        Read(["--clock", "manual", "--policy", "waqti", "--gateway-key", Long + "g", "--admin-key", Long + "a"],
            false, out var errors);
        errors.Single().ShouldStartWith("--clock");
    }

    [Theory]
    [InlineData(Long, Long, "--admin-key: the same as --gateway-key: it must be another key")]
    [InlineData("fifteen-bytes-k", Long, "--gateway-key: a key is 16 to 512 bytes without spaces")]
    [InlineData(Long, "short", "--admin-key: a key is 16 to 512 bytes without spaces")]
    public void Elsewhere_keys_are_long_and_differ(string gateway, string admin, string wrong)
    {
        string[] args = ["--policy", "waqti", "--gateway-key", gateway, "--admin-key", admin];
        Read(args, false, out var errors);
        errors.ShouldHaveSingleItem().ShouldBe(wrong);
        Read(args, true, out var atHome);
        atHome.ShouldBeEmpty();
    }

    [Fact]
    public void The_help_names_every_option() =>
        ServerOption.All.ShouldAllBe(option => CommandLine.HelpText().Contains(option.Flag, StringComparison.Ordinal));

    private static ServerOptions Read(
        string[] args, bool isDevelopment, out IReadOnlyList<string> errors,
        params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))
            .Build();
        return ServerOptionsReader.Read(args, configuration, isDevelopment, out errors);
    }
}
