using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Limiter.Domain.Usage;
using Limiter.Http.Json;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Usage;

/// <summary>
/// A page of usage as CSV (RFC 4180), a header row first. The next page's address is in <c>Link</c>. Texts that a
/// spreadsheet would take for a formula begin with an apostrophe.
/// </summary>
internal sealed class UsageCsv(UsageAnswer answer) : IResult
{
    private const string ContentType = "text/csv; charset=utf-8; header=present";

    private static readonly string[] Counted =
        ["checks", "allowed", "denied", "refused", "degraded", "cost", "deniedBy", "shadowedBy"];

    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = Encoding.UTF8.GetBytes(Text());
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (answer.Next is { } next) response.Headers.Link = $"<{Address(next)}>; rel=\"next\"";
        if (!HttpMethods.IsHead(httpContext.Request.Method)) response.BodyWriter.Write(body);
        return Task.CompletedTask;
    }

    private string Address(UsageCursor next)
    {
        var query = answer.Query;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/usage/{answer.Tenant}?from={IsoTime.Format(query.From)}&to={IsoTime.Format(query.Until)}")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"&by={query.GrainName}&split={query.SplitName}&take={query.Take}&after={next}");
    }

    private string Text()
    {
        var text = new StringBuilder();
        var isWhole = answer.Query.Split == UsageSplit.None;
        string[] whole = isWhole ? ["charged", "peakMinuteStart", "peakMinuteChecks"] : [];
        Append(text, ["start", "end", "closed", .. NamesOf(answer.Query.Split), .. Counted, .. whole]);
        foreach (var item in answer.Items)
        {
            var period = item.Entry.Period;
            Append(
                text,
                [
                    IsoTime.Format(period.Start), IsoTime.Format(period.End), item.Entry.IsClosed ? "true" : "false",
                    .. SubjectOf(item.Line.Subject), .. CountsOf(item.Line), .. isWhole ? WholeOf(item) : [],
                ]);
        }
        return text.ToString();
    }

    private static string[] NamesOf(UsageSplit split) => split switch
    {
        UsageSplit.Endpoint => ["group", "template", "other"],
        UsageSplit.Key => ["key", "other"],
        _ => [],
    };

    private string[] SubjectOf(UsageSubject subject) => answer.Query.Split switch
    {
        UsageSplit.Endpoint => [Guard(subject.Group), Guard(subject.Template), subject.IsOther ? "true" : "false"],
        UsageSplit.Key => [Guard(subject.Key), subject.IsOther ? "true" : "false"],
        _ => [],
    };

    private static string[] CountsOf(UsageLine line)
    {
        var counts = line.Counts;
        return
        [
            Number(counts.Checks), Number(counts.Allowed), Number(counts.Denied), Number(counts.Refused),
            Number(counts.Degraded), Number(counts.Cost), Limits(line.DeniedBy), Limits(line.ShadowedBy),
        ];
    }

    private static string[] WholeOf(UsageItem item) =>
    [
        item.Entry.Charged is { } charged ? Number(charged) : "",
        item.Entry.Sheet.Peak is { } peak ? IsoTime.Format(peak.Start) : "",
        item.Entry.Sheet.Peak is { } busiest ? Number(busiest.Checks) : "",
    ];

    private static string Limits(ImmutableArray<DeniedBy> limits) =>
        Guard(string.Join(' ', limits.Select(limit => $"{UsageJson.NameOf(limit)}:{Number(limit.Checks)}")));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Guard(string text) =>
        text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n') ? "'" + text : text;

    private static void Append(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(Quote)).Append("\r\n");

    private static string Quote(string field) => field.AsSpan().ContainsAny(Quoted)
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;
}
