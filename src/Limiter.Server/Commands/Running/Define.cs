using System.CommandLine;
using System.Globalization;

namespace Limiter.Server.Commands.Running;

/// <summary>Arguments and options, with the checks that the parser does not make by itself.</summary>
internal static class Define
{
    /// <summary>A required argument. What begins with a hyphen is a misspelt option, not a value.</summary>
    public static Argument<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        Guard(argument);
        return argument;
    }

    /// <summary>An argument that may be left out.</summary>
    public static Argument<string?> Optional(string name, string description)
    {
        var argument = new Argument<string?>(name)
        {
            Description = description,
            Arity = ArgumentArity.ZeroOrOne,
        };
        Guard(argument);
        return argument;
    }

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>One of some words.</summary>
    public static Option<string> Choice(string name, string description, string standard, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => standard,
        };
        option.CompletionSources.Add(_ => words.Select(word =>
            new System.CommandLine.Completions.CompletionItem(word)));
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!words.Contains(token.Value, StringComparer.Ordinal))
                    result.AddError($"{name}: '{token.Value}' is not one of {string.Join(", ", words)}");
        });
        return option;
    }

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A whole number within bounds.</summary>
    public static Option<long> Number(string name, string description, long min, long max, long? standard = null)
    {
        var option = new Option<long>(name)
        {
            Description = standard is null
                ? $"{description}; {Shown(min)} to {Shown(max)}"
                : $"{description}; {Shown(min)} to {Shown(max)}, default {Shown(standard.Value)}",
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= min && number <= max) return number;
                result.AddError($"{name}: '{text}' is no whole number from {Shown(min)} to {Shown(max)}");
                return 0;
            },
        };
        if (standard is { } value) option.DefaultValueFactory = _ => value;
        return option;
    }

    private static string Shown(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Guard(Argument argument) => argument.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
            if (token.Value.Length > 1 && token.Value[0] == '-')
                result.AddError($"{token.Value}: there is no such option here; --help lists them");
    });
}
