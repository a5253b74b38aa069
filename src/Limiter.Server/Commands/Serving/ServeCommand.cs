using System.CommandLine;
using Limiter.Server.Options;

namespace Limiter.Server.Commands.Serving;

/// <summary>
/// <c>limiter serve</c>, as the tree of commands knows it: for completion. What serves reads its options by
/// itself (<see cref="ServerOptionsReader"/>): they are settings and environment variables as well.
/// </summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command New()
    {
        var serve = new Command(Name, "Serve a policy; also what happens without a command.");
        foreach (var option in ServerOption.All)
            serve.Options.Add(option.Value is null
                ? new Option<bool>(option.Flag) { Description = option.Help }
                : new Option<string>(option.Flag) { Description = option.Help, HelpName = option.Value });
        serve.SetAction(NotHere);
        return serve;
    }

    private static int NotHere(ParseResult parse) =>
        throw new InvalidOperationException("Serving does not go through the tree of commands.");
}
