namespace Limiter.Server.Tests.Offline;

/// <summary>Help, errors of the command line, and completion.</summary>
public sealed class HelpTests
{
    private static readonly string[] Commands =
    [
        "serve", "check", "explain", "tenants", "keys", "terms", "usage", "top", "policy", "whatif", "completion",
    ];

    private readonly Cli _cli = new();

    [Fact]
    public async Task The_help_names_every_command_and_the_exit_codes()
    {
        var help = (await _cli.RunAsync("--help")).ShouldBe(0);
        help.Out.ShouldContain("limiter [command] [options]");
        foreach (var command in Commands)
            help.Lines.Count(line => line.TrimStart().StartsWith(command)).ShouldBe(1, command);
        help.Out.ShouldContain("4 not authorised, 130 interrupted");
        help.Lines.ShouldAllBe(line => line.Length <= 120);
    }

    [Theory]
    [InlineData("tenants", "list show add remove import")]
    [InlineData("keys", "list mint rotate revoke import")]
    [InlineData("terms", "show override adjust clear suspend resume plan")]
    [InlineData("policy", "validate show new")]
    public async Task A_groups_help_names_its_commands(string group, string commands)
    {
        var help = (await _cli.RunAsync(group, "--help")).ShouldBe(0);
        foreach (var command in commands.Split(' '))
        {
            help.Out.ShouldContain($"\n  {command} ");
            (await _cli.RunAsync(group, command, "--help")).ShouldBe(0).Out.ShouldContain("--json");
        }
    }

    [Fact]
    public async Task Serves_help_is_the_servers_own()
    {
        foreach (var flag in new[] { "--help", "-h", "-?" })
        {
            var help = (await _cli.RunAsync("serve", flag)).ShouldBe(0);
            help.Out.ShouldContain("--lease-ms N");
            help.Out.ShouldContain("LIMITER__POLICY");
        }
    }

    [Theory]
    [InlineData("nope", "Unrecognized command or argument 'nope'. 'limiter --help' tells more.")]
    [InlineData("tenants", "Required command was not provided. 'limiter tenants --help' tells more.")]
    [InlineData("tenants show --nope", "--nope: there is no such option here")]
    [InlineData("tenants list --take many", "--take: 'many' is no whole number from 1 to 1000000")]
    [InlineData("tenants list --take", "Required argument missing for option: '--take'")]
    [InlineData("completion fish", "'fish' is not one of bash, zsh, pwsh")]
    public async Task A_wrong_line_is_exit_code_2(string words, string told)
    {
        var result = (await _cli.RunAsync(words.Split(' '))).ShouldBe(2);
        result.Error.ShouldStartWith("limiter: ");
        result.Error.ShouldContain(told);
        result.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _limiter limiter")]
    [InlineData("zsh", "compdef _limiter limiter")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName limiter")]
    public async Task A_completion_script_asks_the_program(string shell, string line)
    {
        var script = (await _cli.RunAsync("completion", shell)).ShouldBe(0).Out;
        script.ShouldContain(line);
        script.ShouldContain("[suggest:");
    }

    [Theory]
    [InlineData("limiter ten", "tenants")]
    [InlineData("/opt/bin/limiter tenants re", "remove")]
    [InlineData("limiter usage acme --b", "--by")]
    [InlineData("limiter usage acme --by mi", "minute")]
    [InlineData("limiter serve --lea", "--lease-ms")]
    [InlineData("limiter completion p", "pwsh")]
    [InlineData("limiter", "")]
    public async Task A_line_is_completed(string line, string with)
    {
        var result = (await _cli.RunAsync($"[suggest:{line.Length}]", line)).ShouldBe(0);
        result.Lines.ShouldBe(with.Length == 0 ? [] : [with]);
        (await _cli.RunAsync("[suggest]", line)).Out.ShouldBe(result.Out);
    }

    [Fact]
    public async Task The_version_is_told() => (await _cli.RunAsync("--version")).ShouldBe(0).Out.ShouldNotBeEmpty();
}
