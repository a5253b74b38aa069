using System.Text.RegularExpressions;
using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

public sealed class ModuleTests
{
    private const string Params = "params.";

    private static readonly BicepFile Parameters = BicepFile.Read("infra/main.bicepparam");

    private static readonly Dictionary<string, BicepFile> ByModule = BicepFile.Main.Every("module")
        .ToDictionary(module => module.Name, module => BicepFile.Read($"infra/{module.Target}"));

    [Fact]
    public void Every_module_is_used() =>
        ByModule.Values.Select(file => file.Path)
            .ShouldBe(BicepFile.Modules.Select(file => file.Path), ignoreOrder: true);

    [Fact]
    public void A_module_is_given_each_of_its_parameters_and_nothing_else()
    {
        foreach (var module in BicepFile.Main.Every("module"))
            module.Values.Keys.Where(key => key.StartsWith(Params, StringComparison.Ordinal))
                .Select(key => key[Params.Length..])
                .ShouldBe(ByModule[module.Name].Every("param").Select(one => one.Name), ignoreOrder: true, module.Name);
    }

    [Fact]
    public void Every_output_of_a_module_that_is_asked_for_exists() =>
        Regex.Matches(BicepFile.Main.Text, @"\b(\w+)\.outputs\.(\w+)")
            .Where(use => !ByModule[use.Groups[1].Value].Every("output").Any(one => one.Name == use.Groups[2].Value))
            .Select(use => use.Value).ShouldBeEmpty();

    [Fact]
    public void Every_output_of_a_module_is_asked_for() =>
        (from module in ByModule
         from output in module.Value.Every("output")
         where !Regex.IsMatch(BicepFile.Main.Text, $@"\b{module.Key}\.outputs\.{output.Name}\b")
         select $"{module.Value.Path}: {output.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void The_parameter_file_gives_parameters_that_exist_and_names_the_template()
    {
        Parameters.Text.ShouldContain("using './main.bicep'");
        Parameters.Every("param").Select(one => one.Name)
            .Except(BicepFile.Main.Every("param").Select(one => one.Name)).ShouldBeEmpty();
        BicepFile.Main.Every("param").Where(one => !one.HasDefault).ShouldBeEmpty();
    }

    [Fact]
    public void A_key_is_secure_all_the_way_and_stands_in_no_file()
    {
        (from file in BicepFile.All
         from parameter in file.Every("param")
         where parameter.Name is "gatewayKey" or "adminKey"
         select parameter.IsSecure).ShouldBe([true, true, true, true]);
        foreach (var key in Parameters.Every("param").Where(one => one.Name is "gatewayKey" or "adminKey"))
            string.Concat(key.Tokens.Select(token => token.Text))
                .ShouldMatch(@"^=readEnvironmentVariable\('\w+',''\)$");
    }

    [Fact]
    public void No_output_shows_a_secret() =>
        (from file in BicepFile.All
         from output in file.Every("output")
         from token in output.Tokens
         where Regex.IsMatch(token.Text, "key|secret|connectionString|listKeys", RegexOptions.IgnoreCase)
         select $"{file.Path}: {output.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void The_app_waits_for_every_role()
    {
        var app = BicepFile.Main.Every("module").Single(module => module.Name == "app");
        var given = string.Join(' ', app.Values.Values);
        foreach (var module in ByModule.Where(module => module.Value.Text.Contains("roleAssignments")))
            given.ShouldContain($"{module.Key} . outputs .");
    }
}
