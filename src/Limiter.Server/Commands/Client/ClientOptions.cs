using System.CommandLine;
using System.Globalization;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;
using Limiter.Server.Options;

namespace Limiter.Server.Commands.Client;

/// <summary>Which server a command asks, and with which key.</summary>
internal sealed class ClientOptions
{
    public const string ServerVariable = "LIMITER_SERVER";
    public const string KeyVariable = "LIMITER_KEY";
    public const string KeyFileVariable = "LIMITER_KEY_FILE";
    public const string ActorVariable = "LIMITER_ACTOR";

    private const int PatienceDefault = 30;

    private readonly Func<string, string?> _environment;
    private readonly Option<string?> _server = Define.Text(
        "--server", "URL", $"server to ask; default {ServerVariable}, then {ServerOptions.DefaultUrls}");
    private readonly Option<string?> _key = Define.Text(
        "--key", "KEY", $"the operator's key; default {KeyVariable}; in Development: dev");
    private readonly Option<string?> _keyFile = Define.Text(
        "--key-file", "FILE", $"file that holds the key, or - for standard input; default {KeyFileVariable}");
    private readonly Option<string?> _actor = Define.Text(
        "--actor", "NAME", $"who the account of changes names; default {ActorVariable}, then your user name");
    private readonly Option<long> _patience = Define.Number(
        "--timeout", "seconds to wait for an answer", 1, 600, PatienceDefault);

    public ClientOptions(Func<string, string?> environment) => _environment = environment;

    public IEnumerable<Option> All => [_server, _key, _keyFile, _actor, _patience];

    /// <exception cref="CommandFailedException">An option is wrong, or there is no key.</exception>
    public ServerClient Connect(ParseResult parse, Screen screen, TimeProvider clock) => new(
        Address(parse.GetValue(_server) ?? Setting(ServerVariable) ?? ServerOptions.DefaultUrls),
        Key(parse, screen),
        parse.GetValue(_actor) ?? Setting(ActorVariable) ?? Environment.UserName,
        TimeSpan.FromSeconds(parse.GetValue(_patience)), clock);

    private static Uri Address(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0)
            return address;
        throw CommandFailedException.WrongUsage(
            $"--server: '{text}' is no http or https address such as {ServerOptions.DefaultUrls}");
    }

    private string Key(ParseResult parse, Screen screen)
    {
        var (key, file) = (parse.GetValue(_key), parse.GetValue(_keyFile));
        if (key is not null && file is not null)
            throw CommandFailedException.WrongUsage("--key-file: a --key is given already");
        if (key is null && file is null) (key, file) = (Setting(KeyVariable), Setting(KeyFileVariable));
        key ??= file is null ? null : SecretFile.Read("--key-file", file, screen);
        key ??= IsDevelopment() ? ServerOptions.DevelopmentKey : null;
        if (key is null)
            throw CommandFailedException.WrongUsage(
                $"--key: required; or --key-file, or {KeyVariable} in the environment");
        return key.Length is > 0 and <= SecretFile.CharsMax && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw CommandFailedException.WrongUsage(string.Create(CultureInfo.InvariantCulture,
                $"--key: a key is 1 to {SecretFile.CharsMax} printable characters without spaces"));
    }

    private bool IsDevelopment() => string.Equals(
        Setting("ASPNETCORE_ENVIRONMENT") ?? Setting("DOTNET_ENVIRONMENT"), "Development",
        StringComparison.OrdinalIgnoreCase);

    private string? Setting(string variable) => _environment(variable) is { Length: > 0 } value ? value : null;
}
