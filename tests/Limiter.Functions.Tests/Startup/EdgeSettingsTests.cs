using Limiter.Functions.Startup;
using Microsoft.Extensions.Configuration;

namespace Limiter.Functions.Tests.Startup;

public sealed class EdgeSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Limiter:Policy"] = "waqti",
        ["Limiter:Tables"] = "UseDevelopmentStorage=true",
        ["Limiter:GatewayKey"] = "sixteen-bytes-gw",
        ["Limiter:AdminKey"] = "sixteen-bytes-ad",
    };

    [Fact]
    public void What_is_needed_is_enough()
    {
        var settings = Read(Good, out var errors);
        errors.ShouldBeEmpty();
        settings!.Policy.Name.ShouldBe("waqti");
        settings.LeaseMs.ShouldBeNull();
        settings.Proxy.Upstream.ShouldBeNull();
    }

    [Fact]
    public void Everything_can_be_set()
    {
        var settings = Read(
            new(Good)
            {
                ["Limiter:Tables"] = "https://account.table.core.windows.net",
                ["Limiter:LeaseMs"] = "5000",
                ["Limiter:Upstream"] = "https://api.example.com/base",
                ["Limiter:CredentialHeader"] = "X-Api-Key",
                ["Limiter:ClientAddressHeader"] = "X-Client",
                ["Limiter:UpstreamTimeout"] = "30",
                ["Limiter:ConnectTimeout"] = "2",
                ["Limiter:KeepMinutes"] = "7",
                ["Limiter:KeepHours"] = "30",
                ["Limiter:KeepDays"] = "400",
            },
            out var errors);
        errors.ShouldBeEmpty();
        settings!.Kept.ShouldBe(new Limiter.Engine.Usage.UsageKept(7, 30, 400));
        settings!.LeaseMs.ShouldBe(5_000);
        settings.Proxy.CredentialHeader.ShouldBe("X-Api-Key");
        settings.Proxy.ActivityTimeout.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("KeepMinutes", "2", "KeepMinutes")]
    [InlineData("KeepMinutes", "89", "KeepHours")]
    [InlineData("KeepHours", "700", "KeepDays")]
    public void Coarser_usage_is_kept_for_longer(string setting, string days, string wrong)
    {
        Read(new(Good) { ["Limiter:" + setting] = days }, out var errors).ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith($"Limiter__{wrong}: ");
    }

    [Fact]
    public void A_policy_can_be_given_as_text()
    {
        const string text = """
            {"policy":"own","limits":{"minute":{"algorithm":"fixedWindow","window":"60s","number":5}},
             "plans":{"basic":{}},"response":{"describe":"minute","denied":{"error":"limited"}}}
            """;
        Read(new(Good) { ["Limiter:Policy"] = text }, out var errors)!.Policy.Name.ShouldBe("own");
        errors.ShouldBeEmpty();
        Read(new(Good) { ["Limiter:Policy"] = "{}" }, out errors).ShouldBeNull();
        errors.ShouldContain(error => error.Contains("the policy's text: line 1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unresolved_reference_into_a_key_vault_is_no_key()
    {
        var reference = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/admin)";
        Read(new(Good) { ["Limiter:AdminKey"] = reference }, out var errors).ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith("Limiter__AdminKey:");
    }

    [Theory]
    [InlineData("fifteen-bytes-k", "sixteen-bytes-ad", "Limiter__GatewayKey: a key is 16 to 512 bytes without spaces")]
    [InlineData("sixteen-bytes-gw", "short", "Limiter__AdminKey: a key is 16 to 512 bytes without spaces")]
    [InlineData("sixteen-bytes-gw", "sixteen-bytes-gw",
        "Limiter__AdminKey: the same as Limiter__GatewayKey: it must be another key")]
    public void Keys_are_long_and_differ(string gateway, string admin, string error)
    {
        Read(new(Good) { ["Limiter:GatewayKey"] = gateway, ["Limiter:AdminKey"] = admin }, out var errors)
            .ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldBe(error);
    }

    [Fact]
    public void The_sample_settings_are_accepted()
    {
        var sample = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json")).Build();
        // The Functions host hands the values on as environment variables, whose two underscores part sections.
        var values = sample.GetSection("Values").GetChildren()
            .ToDictionary(one => one.Key.Replace("__", ":", StringComparison.Ordinal), one => one.Value);
        Read(values, out var errors).ShouldNotBeNull();
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void Every_missing_setting_is_named()
    {
        Read([], out var errors).ShouldBeNull();
        errors.Select(error => error.Split(':')[0]).ShouldBe(
            ["Limiter__Policy", "Limiter__Tables", "Limiter__GatewayKey", "Limiter__AdminKey"]);
    }

    [Fact]
    public void Every_wrong_setting_is_named_at_once()
    {
        Read(
            new()
            {
                ["Limiter:Policy"] = "nothing-of-this-name",
                ["Limiter:Tables"] = "http://plain.example.com",
                ["Limiter:GatewayKey"] = "with space",
                ["Limiter:AdminKey"] = "",
                ["Limiter:LeaseMs"] = "30001",
                ["Limiter:Upstream"] = "ftp://x",
                ["Limiter:CredentialHeader"] = "not a header",
                ["Limiter:UpstreamTimeout"] = "0",
                ["Limiter:ConnectTimeout"] = "-1",
                ["Limiter:Polcy"] = "x",
            },
            out var errors).ShouldBeNull();
        foreach (var name in new[]
        {
            "nothing-of-this-name", "Limiter__Tables", "Limiter__GatewayKey", "Limiter__AdminKey", "Limiter__LeaseMs",
            "Limiter__Upstream", "Limiter__CredentialHeader", "Limiter__UpstreamTimeout", "Limiter__ConnectTimeout",
            "Limiter__Polcy",
        })
            errors.ShouldContain(error => error.StartsWith(name, StringComparison.Ordinal), name);
        errors.Count.ShouldBe(10);
    }

    [Fact]
    public async Task The_app_does_not_start_and_says_why()
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Functions.dll");
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", ["exec", app])
        {
            RedirectStandardError = true,
            Environment = { ["Limiter__Policy"] = "waqti", ["Limiter__LeaseMs"] = "much" },
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var told = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(1);
        told.ShouldContain("Limiter__LeaseMs");
        told.ShouldContain("Limiter__AdminKey");
        told.ShouldNotContain(" at ");
    }

    private static EdgeSettings? Read(Dictionary<string, string?> settings, out IReadOnlyList<string> errors) =>
        EdgeSettingsReader.TryRead(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), out errors);
}
