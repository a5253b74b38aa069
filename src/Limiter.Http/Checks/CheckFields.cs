using System.Globalization;
using System.Net;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Checks;

/// <summary>The fields of a check as they come in, in JSON or in a query, and what must hold between them.</summary>
internal struct CheckFields
{
    public const int PathLengthMax = PathNormaliser.LengthMax;
    public const int IdLengthMax = 128;
    public const int TextLengthMax = 512;

    /// <summary>What a cost must be in any policy; the policy's own bounds are told by the decision.</summary>
    public static readonly string CostMust =
        string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {CostBounds.Greatest}");

    private static readonly string ReserveMust =
        $"a time from {Check.ReserveMsMin / 1_000}s to {Check.ReserveMsMax / 60_000}m, such as 30s";

    private const int Credential = 0, Tenant = 1, Key = 2, Ip = 3, Method = 4, Path = 5, Cost = 6, Records = 7, Id = 8,
        Reserve = 9;

    public static readonly FieldNames Names =
        new("credential", "tenant", "key", "ip", "method", "path", "cost", "records", "id", "reserve");

    private string? _credential, _tenant, _key, _method, _path, _id;
    private IPAddress? _address;
    private long? _cost, _records, _reserveMs;

    /// <summary>Reads one field whose value the reader is at. False when something is wrong with it.</summary>
    public bool Read(ref StrictReader json, int field)
    {
        var name = Names[field];
        if (field is Cost or Records)
        {
            var read = field == Cost
                ? json.Integer(name, CostMust, out var number)
                : json.Integer(name, 0, long.MaxValue, out number);
            if (!read) return false;
            Set(field, number);
            return true;
        }
        if (!json.Text(name, LengthMax(field), out var text, field == Path ? TooLong : null)) return false;
        return Set(field, text) is not { } problem || json.Fail(problem);
    }

    /// <summary>Takes one field as a query gives it.</summary>
    public Problem? Read(int field, string text)
    {
        var name = Names[field];
        if (field is Cost or Records)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                || (field == Records && number < 0))
                return InputProblem.Invalid(name, field == Cost ? CostMust : "a whole number");
            Set(field, number);
            return null;
        }
        if (field == Path && text.Length > PathLengthMax) return PathTooLong();
        if (text.Length == 0 || text.Length > LengthMax(field))
            return InputProblem.Invalid(name, $"a string of 1 to {LengthMax(field)} characters");
        return Set(field, text);
    }

    /// <summary>Puts the fields together.</summary>
    /// <param name="method">What holds when none is given; null: it is required.</param>
    /// <param name="path">What holds when none is given; null: it is required.</param>
    /// <param name="check">The check, when nothing is wrong.</param>
    public readonly Problem? TryCombine(string? method, string? path, out Check check)
    {
        check = default;
        if ((_method ?? method) is not { } usedMethod) return InputProblem.Missing(Names[Method]);
        if ((_path ?? path) is not { } usedPath) return InputProblem.Missing(Names[Path]);
        if (_credential is not null && _tenant is not null)
            return InputProblem.Conflicting("credential", "Give a credential or a tenant, not both.");
        if (_key is not null && _tenant is null)
            return InputProblem.Conflicting("key", "A key is given together with its tenant.");
        check = new Check
        {
            Credential = _credential,
            Tenant = _tenant,
            Key = _key,
            Address = _address,
            Method = usedMethod,
            Path = usedPath,
            Cost = _cost,
            Records = _records,
            ReserveMs = _reserveMs,
            Id = _id,
        };
        return null;
    }

    public static Problem PathTooLong() => TooLong;

    private static readonly Problem TooLong = new(400, ProblemCode.PathTooLong,
        $"The path is longer than {PathLengthMax} characters.") { Field = "path", Cap = PathLengthMax };

    private static int LengthMax(int field) => field switch
    {
        Path => PathLengthMax,
        Method => EndpointMatcher.MethodLengthMax,
        Id => IdLengthMax,
        _ => TextLengthMax,
    };

    /// <summary>A whole number of seconds or minutes, without a sign: <c>30s</c>, <c>5m</c>.</summary>
    private static bool TryReserve(string text, out long? milliseconds)
    {
        milliseconds = null;
        var unit = text[^1] switch { 's' => 1_000L, 'm' => 60_000L, _ => 0 };
        var digits = text.AsSpan(..^1);
        if (unit == 0 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > Check.ReserveMsMax / unit || count * unit < Check.ReserveMsMin) return false;
        milliseconds = count * unit;
        return true;
    }

    private void Set(int field, long number)
    {
        if (field == Cost) _cost = number;
        else _records = number;
    }

    private Problem? Set(int field, string text)
    {
        switch (field)
        {
            case Credential: _credential = text; return null;
            case Tenant: _tenant = text; return null;
            case Key: _key = text; return null;
            case Path: _path = text; return null;
            case Id: _id = text; return null;
            case Reserve:
                return TryReserve(text, out _reserveMs) ? null : InputProblem.Invalid("reserve", ReserveMust);
            case Ip:
                return ClientAddress.TryParse(text, out _address) ? null : InputProblem.Invalid("ip", "an IP address");
            default:
                if (!EndpointMatcher.IsMethod(text)) return InputProblem.Invalid("method", "an HTTP method");
                _method = text;
                return null;
        }
    }
}
