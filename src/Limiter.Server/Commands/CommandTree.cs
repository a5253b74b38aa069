using System.CommandLine;
using System.CommandLine.Help;
using Limiter.Server.Commands.Checking;
using Limiter.Server.Commands.Completion;
using Limiter.Server.Commands.Demo;
using Limiter.Server.Commands.Keys;
using Limiter.Server.Commands.Negotiating;
using Limiter.Server.Commands.Policies;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Serving;
using Limiter.Server.Commands.Tenants;
using Limiter.Server.Commands.Top;
using Limiter.Server.Commands.Usage;
using Limiter.Server.Commands.WhatIf;

namespace Limiter.Server.Commands;

/// <summary>All commands of <c>limiter</c>.</summary>
internal static class CommandTree
{
    public const string Name = "limiter";

    public static Command Of(CommandHost host)
    {
        // Not a RootCommand: that one is named for its assembly, and people type limiter.
        var root = new Command(Name, """
            Limiter decides whether a request to a multi-tenant API may pass. Without a command it serves.
            Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 the server cannot be reached or failed,
            4 not authorised, 130 interrupted.
            """);
        root.Options.Add(new HelpOption("--help", "-h", "-?"));
        root.Options.Add(new VersionOption());
        Command[] commands =
        [
            ServeCommand.New(), new DemoCommand().In(host), new CheckCommand().In(host), new ExplainCommand().In(host),
            new TenantCommands().In(host), new KeyCommands().In(host), new TermsCommands().In(host),
            new UsageCommand().In(host), new TopCommand().In(host), new PolicyCommands().In(host),
            new WhatIfCommand().In(host), new CompletionCommand().In(host),
        ];
        foreach (var command in commands) root.Subcommands.Add(command);
        return root;
    }
}
