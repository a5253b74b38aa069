using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>
/// Requests to a bucket as bytes, for those that cannot call it: a format number, then variable-length integers, limits
/// by their position in the terms. A reserve with two limits takes about 100 bytes.
/// </summary>
public static class RequestCodec
{
    /// <summary>The format that is written. Older ones are read; newer ones are refused.</summary>
    public const byte Format = 3;

    public static byte[] Encode(ReserveRequest request)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var writer = new StateWriter(output);
        writer.Write(Format);
        writer.WriteBits(request.Edge.Value);
        writer.Write(request.Number);
        writer.Write(request.LastReceived);
        writer.Write(request.LastGranted);
        TermsCodec.Write(ref writer, request.Terms);
        writer.Write(request.LifetimeMs);
        writer.Write(request.Reports.Length);
        foreach (var report in request.Reports) Write(ref writer, report, request.Terms);
        writer.Write(request.Wants.Length);
        foreach (var want in request.Wants)
        {
            Write(ref writer, want.Limit, request.Terms);
            writer.Write(want.Least);
            writer.Write(want.Waiting);
            writer.Write(want.Like);
        }
        writer.Write(request.Owed.Length);
        foreach (var owed in request.Owed)
        {
            Write(ref writer, owed.Limit, request.Terms);
            Write(ref writer, owed.Spends);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="BucketFormatException">The bytes are damaged, or of another format.</exception>
    public static ReserveRequest DecodeReserve(ReadOnlySpan<byte> bytes)
    {
        var reader = Open(bytes);
        var (edge, number, lastReceived) = (new EdgeId(reader.ReadBits()), reader.Read(), reader.Read());
        var lastGranted = reader.Format < 2 ? lastReceived : reader.Read();
        var terms = TermsCodec.Read(ref reader);
        var lifetime = reader.Read();
        var reports = new LeaseReport[reader.ReadCount(ReserveRequest.ReportsMax)];
        foreach (ref var report in reports.AsSpan()) report = ReadReport(ref reader, terms);
        var wants = new Want[reader.ReadCount(Terms.LimitsMax)];
        foreach (ref var want in wants.AsSpan())
            want = new Want(ReadLimit(ref reader, terms), reader.Read(), reader.Read(), reader.Read());
        var owed = new Owed[reader.ReadCount(Terms.LimitsMax)];
        foreach (ref var item in owed.AsSpan()) item = ReadOwed(ref reader, terms);
        Close(reader);
        return new ReserveRequest(edge, number, lastReceived, terms, lifetime, [.. reports], [.. wants], [.. owed])
        {
            LastGranted = lastGranted,
        };
    }

    public static byte[] Encode(ChargeRequest request)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var writer = new StateWriter(output);
        writer.Write(Format);
        writer.WriteBits(request.Id);
        writer.Write(request.SpentAt.UnixMilliseconds);
        writer.Write(request.Cost);
        writer.Write(request.TrueCost);
        TermsCodec.Write(ref writer, request.Terms);
        writer.Write(request.Limits.Length);
        foreach (var limit in request.Limits) Write(ref writer, limit, request.Terms);
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="BucketFormatException">The bytes are damaged, or of another format.</exception>
    public static ChargeRequest DecodeCharge(ReadOnlySpan<byte> bytes)
    {
        var reader = Open(bytes);
        var (id, spentAt) = (reader.ReadBits(), new Instant(reader.Read()));
        var (cost, trueCost) = (reader.Read(), reader.Read());
        var terms = TermsCodec.Read(ref reader);
        var limits = new LimitId[reader.ReadCount(Terms.LimitsMax)];
        foreach (ref var limit in limits.AsSpan()) limit = ReadLimit(ref reader, terms);
        Close(reader);
        return new ChargeRequest(id, spentAt, cost, trueCost, [.. limits], terms);
    }

    private static void Write(ref StateWriter writer, in LeaseReport report, Terms terms)
    {
        writer.Write(report.Opened);
        writer.Write(report.Limits.Length);
        foreach (var (limit, spends, returned) in report.Limits)
        {
            Write(ref writer, limit, terms);
            writer.Write(returned);
            Write(ref writer, spends);
        }
    }

    private static void Write(ref StateWriter writer, ImmutableArray<Spend> spends)
    {
        writer.Write(spends.Length);
        var before = 0L;
        foreach (var spend in spends)
        {
            writer.WriteSigned(spend.At.UnixMilliseconds - before);
            writer.Write(spend.Tokens);
            before = spend.At.UnixMilliseconds;
        }
    }

    private static LeaseReport ReadReport(ref StateReader reader, Terms terms)
    {
        var opened = reader.Read();
        var limits = new LimitReport[reader.ReadCount(Terms.LimitsMax)];
        foreach (ref var report in limits.AsSpan())
        {
            var (limit, returned) = (ReadLimit(ref reader, terms), reader.Read());
            report = new LimitReport(limit, ReadSpends(ref reader), returned);
        }
        return new LeaseReport(opened, ImmutableArray.Create(limits));
    }

    private static Owed ReadOwed(ref StateReader reader, Terms terms)
    {
        var limit = ReadLimit(ref reader, terms);
        // Earlier formats do not tell when.
        return reader.Format < 3 ? new Owed(limit, reader.Read()) : new Owed(limit, ReadSpends(ref reader));
    }

    private static ImmutableArray<Spend> ReadSpends(ref StateReader reader)
    {
        var spends = new Spend[reader.ReadCount(SpendLog.EntriesMax)];
        var at = new Instant(0);
        foreach (ref var spend in spends.AsSpan())
        {
            at += reader.ReadSigned();
            spend = new Spend(at, reader.Read());
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(spends);
    }

    // An ended lease may hold a limit that the terms have lost: 0, then its name.
    private static void Write(ref StateWriter writer, LimitId limit, Terms terms)
    {
        var position = terms.PositionOf(limit);
        writer.Write(position + 1);
        if (position < 0) writer.WriteText(limit.Name);
    }

    private static LimitId ReadLimit(ref StateReader reader, Terms terms)
    {
        var position = reader.ReadCount(terms.Limits.Length) - 1;
        return position < 0 ? LimitId.Stored(reader.ReadText()) : terms.Limits[position].Rule.Id;
    }

    private static StateReader Open(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var format = reader.Read();
        if (format is < 1 or > Format)
            throw new BucketFormatException(
                $"A request to a bucket is written in format {format}; this version reads formats 1 to {Format}.");
        reader.Format = format;
        return reader;
    }

    private static void Close(StateReader reader)
    {
        if (!reader.IsAtEnd) throw new BucketFormatException("A request to a bucket goes on after its end.");
    }
}
