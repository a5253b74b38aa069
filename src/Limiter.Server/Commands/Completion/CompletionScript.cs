namespace Limiter.Server.Commands.Completion;

/// <summary>
/// What a shell needs to complete a command line: a function that asks the program itself, by the directive
/// <c>[suggest:POSITION]</c>, so that it never falls behind the commands.
/// </summary>
internal static class CompletionScript
{
    public static readonly string[] Shells = ["bash", "zsh", "pwsh"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => PowerShell,
    };

    private const string Bash = """
        # limiter: completion for bash. Put it into a file that your ~/.bashrc sources:
        #   source <(limiter completion bash)
        _limiter() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" \
            -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _limiter limiter

        """;

    private const string Zsh = """
        # limiter: completion for zsh. Put it into your ~/.zshrc, after compinit:
        #   source <(limiter completion zsh)
        _limiter() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _limiter limiter

        """;

    private const string PowerShell = """
        # limiter: completion for PowerShell. Put it into your $PROFILE:
        #   limiter completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName limiter -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          limiter "[suggest:$cursorPosition]" "$commandAst" 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }

        """;
}
