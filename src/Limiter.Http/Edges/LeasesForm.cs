using System.Globalization;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Edges;

/// <summary>The body of a remote edge's call: one request each to some buckets.</summary>
internal sealed class LeasesForm
{
    /// <summary>Most requests of one call.</summary>
    public const int RequestsMax = 256;

    private const int EdgeField = 0, ReservesField = 1, ChargesField = 2;

    private static readonly FieldNames Names = new("edge", "reserves", "charges");

    private LeasesForm(EdgeId edge) => Edge = edge;

    public EdgeId Edge { get; private set; }

    /// <summary>By the bucket's name.</summary>
    public Dictionary<string, (BucketId Bucket, byte[] Request)> Reserves { get; } = new(StringComparer.Ordinal);

    /// <summary>By the bucket's name.</summary>
    public Dictionary<string, (BucketId Bucket, byte[] Request)> Charges { get; } = new(StringComparer.Ordinal);

    public int Count => Reserves.Count + Charges.Count;

    public static Problem? TryRead(in RequestBody body, out LeasesForm form)
    {
        form = new LeasesForm(default);
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field) && form.Read(ref json, field)) { }
        if (json.Problem is null)
        {
            if (!json.Has(EdgeField)) json.Fail(InputProblem.Missing(Names[EdgeField]));
            else if (form.Count == 0) json.Fail(InputProblem.Missing(Names[ReservesField]));
        }
        body.Release();
        return json.Problem;
    }

    /// <summary>Reads an edge's id as it is written: 16 hexadecimal digits.</summary>
    public static bool ReadEdge(ref StrictReader json, string field, ref EdgeId edge)
    {
        if (!json.Text(field, 16, out var text)) return false;
        if (text.Length != 16 || !ulong.TryParse(
            text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return json.Fail(InputProblem.Invalid(field, "16 hexadecimal digits"));
        edge = new EdgeId(value);
        return true;
    }

    private bool Read(ref StrictReader json, int field)
    {
        if (field is ReservesField or ChargesField)
            return ReadRequests(ref json, Names[field], field == ReservesField ? Reserves : Charges);
        var edge = Edge;
        if (!ReadEdge(ref json, Names[field], ref edge)) return false;
        Edge = edge;
        return true;
    }

    private bool ReadRequests(
        ref StrictReader json, string field, Dictionary<string, (BucketId, byte[])> requests)
    {
        if (!json.OpenMap(field)) return false;
        while (json.NextEntry(out var name))
        {
            if (!BucketId.TryDecode(name, out var bucket))
                return json.Fail(InputProblem.Invalid(field, "an object of buckets, as in 't:acme:'"));
            if (!json.Bytes(field, out var request)) return false;
            if (!requests.TryAdd(name, (bucket, request))) return json.Fail(InputProblem.Duplicate(name));
            if (Count > RequestsMax)
                return json.Fail(InputProblem.Invalid(field, $"at most {RequestsMax} requests, with the others"));
        }
        return json.Problem is null;
    }
}
