using System.Globalization;
using System.Text.Json;
using Limiter.Domain.Policies;

namespace Limiter.Server.Commands.Client;

/// <summary>A limit's number as it is typed.</summary>
internal static class NumberText
{
    public const string Unlimited = "unlimited";

    public static readonly string Rule =
        string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {Schedule.NumberMax}, or {Unlimited}");

    public static bool IsNumber(string text) => text == Unlimited
        || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= Schedule.NumberMax);

    /// <param name="json">Where it goes.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="text">A text that <see cref="IsNumber"/>.</param>
    public static void Write(Utf8JsonWriter json, string name, string text)
    {
        if (text == Unlimited) json.WriteString(name, text);
        else json.WriteNumber(name, long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
