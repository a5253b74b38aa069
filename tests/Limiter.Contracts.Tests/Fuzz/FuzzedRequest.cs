using System.Text;

namespace Limiter.Contracts.Tests.Fuzz;

/// <summary>
/// One request that is nearly right, wrong somewhere, or nothing but noise. Its number makes it again.
/// </summary>
/// <param name="Method">An HTTP token.</param>
/// <param name="Target">Path and query, in printable ASCII.</param>
/// <param name="Headers">Printable ASCII.</param>
/// <param name="Body">Null for none.</param>
internal sealed record FuzzedRequest(
    string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    private const string Token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    private const string Pathlike = "/abcxyz019.-_~:@!$&'()*+,;=%%%?";

    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "QUERY"];

    private static readonly string[] Names =
    [
        "..", ".", "%2e%2e", "%2F", "%5c", "%00", "%ff", "%C0%AF", "%252e", "t1", "t2", "t1", "t2",
        "window", "window", "k1", "k7", "",
        "{tenant}", "null", "-1", "a b", "t1?limit=5", "t1?limit=x&limit=y", "%F0%9F%98%80", "keys", "CON", "~", "*",
    ];

    private static readonly (string Path, string Body)[] Bodies =
    [
        ("check", """{"tenant":"acme","method":"GET","path":"/contacts?x=1","cost":3,"records":5,"id":"a1"}"""),
        ("check", """{"tenant":"acme","key":"k1","method":"POST","path":"/users/7/password","ip":"203.0.113.9"}"""),
        ("check", """{"credential":"lk_0123456789012345678901234567890123456789012","method":"PUT","path":"/a"}"""),
        ("check", """{"ip":"2001:db8::1","method":"PUT","path":"/%2e%2e/%41"}"""),
        ("charge", """{"checkId":"AXWjLk1NAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","cost":7}"""),
        ("tenant}", """{"plan":"big","overrides":{"window":500000}}"""),
        ("keys", """{"name":"ci","key":"k7"}"""),
        ("limit}", """{"limit":400000}"""),
        ("limit}", """{"factor":0.5,"until":"2026-12-31T01:00:00Z","reason":"scraping"}"""),
        ("limit}", """{"limit":5,"until":"2026-12-31T01:00:00+14:00","reason":"x"}"""),
        ("clock", """{"advanceSeconds":30}"""),
        ("clock", """{"now":"2026-01-01T12:00:00Z"}"""),
    ];

    private static readonly string[] Cursors =
    [
        "0.0", "1767225600000.0", "1767225600000.2147483647", "253370764799999.0", "253370764800000.0",
        "9223372036854775807.0", "9223372036854775808.0", "0.2147483648", "-1.0", "0", "2147483647", "acme", ".", "",
    ];

    private static readonly string[] QueryNames = ["tenant", "path", "limit", "after", "cost", "ip", "key"];

    private static readonly string[] Grains = ["minute", "hour", "day", "month"];

    private static readonly string[] Values =
    [
        "", "0", "-1", "1e999", "999999999999999999999", "null", "true", "[]", "{}", "\"\"",
        "\"\\u0000\"", "\"\\ud800\"",
        "\"unlimited\"", "\"lk_\"", "[[[[[[[[1]]]]]]]]",
        "{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", "0.1", "\"é\"", "01", "+1",
    ];

    /// <param name="seed">With the number it makes the same request again.</param>
    /// <param name="number">Which one.</param>
    /// <param name="calls">Methods and patterns of the surface; * is any method.</param>
    /// <param name="keys">What to authenticate with.</param>
    public static FuzzedRequest Of(
        int seed, int number, IReadOnlyList<(string Method, string Pattern)> calls, IReadOnlyList<string> keys)
    {
        var random = new Random(unchecked(seed * 31 + number));
        var call = random.Next(4) == 0 ? ("POST", "/v1/check") : Pick(random, calls);
        var method = random.Next(5) == 0 || call.Item1 == "*" ? Pick(random, Methods) : call.Item1;
        if (random.Next(40) == 0) method = Text(random, Token, 1, 40);
        var target = Fill(random, call.Item2);
        if (random.Next(8) == 0) target = Mutated(random, target, Pathlike);
        if (random.Next(6) == 0) target += "?" + NewQuery(random);
        var headers = new List<(string, string)>();
        if (random.Next(20) != 0) headers.Add(("Authorization", "Bearer " + Pick(random, keys)));
        for (var more = random.Next(3); more > 0; more--) headers.Add(NewHeader(random));
        var body = random.Next(10) == 0 ? null : NewBody(random, call.Item2);
        return new FuzzedRequest(method, target[0] == '/' ? target : "/" + target, headers, body);
    }

    /// <summary>As bytes on the wire, a few of which are wrong.</summary>
    public byte[] ToNoise(int seed, int number)
    {
        var random = new Random(unchecked(seed * 37 + number));
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(1, 2_000)];
            random.NextBytes(noise);
            return noise;
        }
        var head = new StringBuilder($"{Method} {Target} HTTP/1.{random.Next(2)}\r\nHost: x\r\n");
        foreach (var (name, value) in Headers) head.Append($"{name}: {value}\r\n");
        if (Body is not null && random.Next(3) != 0)
            head.Append($"Content-Length: {Body.Length + random.Next(-3, 3)}\r\n");
        else if (Body is not null) head.Append("Transfer-Encoding: chunked\r\n");
        head.Append("Connection: close\r\n\r\n");
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head.ToString()), .. Body ?? []];
        for (var changes = random.Next(4); changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    public override string ToString() =>
        $"{Method} {Target}\n{string.Join('\n', Headers)}\n({Body?.Length}) {Encoding.Latin1.GetString(Body ?? [])}";

    private static byte[] NewBody(Random random, string pattern)
    {
        if (random.Next(40) == 0)
        {
            var noise = new byte[random.Next(random.Next(8) == 0 ? 70_000 : 300)];
            random.NextBytes(noise);
            return noise;
        }
        var fitting = Bodies.Where(body => pattern.EndsWith(body.Path, StringComparison.Ordinal)).ToArray();
        var text = Pick(random, fitting.Length == 0 || random.Next(6) == 0 ? Bodies : fitting).Body;
        if (random.Next(2) == 0) text = WithOtherValue(random, text);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var changes = random.Next(3); changes > 0 && bytes.Length > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static string WithOtherValue(Random random, string json)
    {
        var colons = json.Select((c, i) => (c, i)).Where(pair => pair.c == ':' && json[pair.i - 1] == '"').ToArray();
        var at = Pick(random, colons).i + 1;
        var end = json.IndexOfAny([',', '}'], at);
        return json[..at] + Pick(random, Values) + json[end..];
    }

    private static string Fill(Random random, string pattern)
    {
        while (pattern.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = pattern.IndexOf('}', open);
            var name = random.Next(8) == 0 ? Text(random, Pathlike, 0, 30) : Pick(random, Names);
            pattern = pattern[..open] + name.Replace("{", "", StringComparison.Ordinal) + pattern[(close + 1)..];
        }
        return pattern;
    }

    private static string NewQuery(Random random) => random.Next(4) switch
    {
        0 => Text(random, Pathlike + "=&", 0, 60),
        1 => $"by={Pick(random, Grains)}&after={Pick(random, Cursors)}",
        2 => $"after={Pick(random, Cursors)}",
        _ => $"{Pick(random, QueryNames)}={Text(random, Pathlike, 0, 20)}",
    };

    private static (string, string) NewHeader(Random random) => random.Next(7) switch
    {
        0 => ("Accept", "application/vnd.limiter.decision+json" + Text(random, ";q=0.1, */", 0, 12)),
        1 => ("Content-Type", Text(random, Token + "/; ", 0, 40)),
        2 => ("X-Forwarded-For", Text(random, "0123456789.:,af", 0, 40)),
        3 => ("Accept", Text(random, Token + "/;=,\"", 0, 40)),
        4 => ("Connection", Text(random, Token + ", ", 0, 30)),
        5 => ("Authorization", Text(random, Token + " ", 0, 600)),
        _ => ("X-" + Text(random, "abc", 1, 5), Text(random, Token + " ;,=\"\\", 0, 200)),
    };

    private static string Mutated(Random random, string text, string alphabet)
    {
        var letters = text.ToCharArray();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            letters[random.Next(letters.Length)] = alphabet[random.Next(alphabet.Length)];
        return new string(letters);
    }

    private static string Text(Random random, string alphabet, int min, int max) =>
        new(random.GetItems<char>(alphabet, random.Next(min, max + 1)));

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
