using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Remotes;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Edges;

/// <summary>
/// <c>POST /v1/rows</c>: what an edge in another process counted, minute by minute. A row is its writer's own and holds
/// absolute counts, so telling it again changes nothing, nor does an earlier state of it that comes late.
/// </summary>
public sealed class RowsHandler(RemoteEdges remotes)
{
    /// <summary>Most rows of one call.</summary>
    public const int RowsMax = 256;

    private const int EdgeField = 0, RowsField = 1;

    private static readonly FieldNames Names = new("edge", "rows");

    private static readonly Problem Impossible = new(400, ProblemCode.InvalidField,
        "A row is of another edge, of a minute to come or of more than 7 days ago, or counts what cannot be.")
    {
        Field = Names[RowsField],
    };

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, cancellation).ConfigureAwait(false);
        if (TryRead(body, out var edge, out var rows) is { } problem) return problem;
        if (!remotes.TryCall(edge, rows.Count)) return LeasesHandler.TooMany;
        return await remotes.SaveRowsAsync(edge, [.. rows.Values], cancellation).ConfigureAwait(false)
            ? JsonBody.Object(StatusCodes.Status200OK, rows.Count, static (json, saved) =>
                json.WriteNumber("saved"u8, saved))
            : Impossible;
    }

    private static Problem? TryRead(in RequestBody body, out EdgeId edge, out Dictionary<string, UsageRow> rows)
    {
        (edge, rows) = (default, new Dictionary<string, UsageRow>(StringComparer.Ordinal));
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field))
                if (!(field == EdgeField
                    ? LeasesForm.ReadEdge(ref json, Names[field], ref edge) : ReadRows(ref json, rows))) break;
        if (json.Problem is null)
        {
            if (!json.Has(EdgeField)) json.Fail(InputProblem.Missing(Names[EdgeField]));
            else if (rows.Count == 0) json.Fail(InputProblem.Missing(Names[RowsField]));
        }
        body.Release();
        return json.Problem;
    }

    private static bool ReadRows(ref StrictReader json, Dictionary<string, UsageRow> rows)
    {
        var field = Names[RowsField];
        if (!json.OpenMap(field)) return false;
        while (json.NextEntry(out var name))
        {
            if (!UsageWriter.TryDecode(name, out var writer))
                return json.Fail(InputProblem.Invalid(field, "an object of rows by their writers"));
            if (!ReadRow(ref json, writer, out var row)) return false;
            if (!rows.TryAdd(name, row)) return json.Fail(InputProblem.Duplicate(name));
            if (rows.Count > RowsMax) return json.Fail(InputProblem.Invalid(field, $"at most {RowsMax} rows"));
        }
        return json.Problem is null;
    }

    // The tenant is left out where the callers are anonymous.
    private static bool ReadRow(ref StrictReader json, UsageWriter writer, out UsageRow row)
    {
        row = null!;
        var (tenant, minute, revision) = (default(TenantId), default(Domain.Instant), 0L);
        byte[]? sheet = null;
        if (!json.OpenMap(Names[RowsField])) return false;
        while (json.NextEntry(out var name))
        {
            var isRead = name switch
            {
                "tenant" => json.Text(name, TenantId.LengthMax, out var text) && (TenantId.TryParse(text, out tenant)
                    || json.Fail(InputProblem.Invalid(name, "a tenant's name"))),
                "minute" => json.Text(name, 40, out var text) && (IsoTime.TryParse(text, out minute)
                    || json.Fail(InputProblem.Invalid(name, "a time, as in 2026-01-01T00:00:00Z"))),
                "revision" => json.Integer(name, 1, long.MaxValue, out revision),
                "sheet" => json.Bytes(name, out sheet),
                _ => json.Fail(InputProblem.Unknown(name)),
            };
            if (!isRead) return false;
        }
        if (json.Problem is not null) return false;
        if (revision == 0) return json.Fail(InputProblem.Missing("revision"));
        if (sheet is null) return json.Fail(InputProblem.Missing("sheet"));
        try
        {
            row = new UsageRow(tenant, minute, writer, UsageCodec.Decode(sheet), revision);
            return true;
        }
        catch (UsageFormatException)
        {
            return json.Fail(InputProblem.Invalid("sheet", "counts in a format that this version reads"));
        }
    }
}
