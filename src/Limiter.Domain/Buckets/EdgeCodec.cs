using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>What a bucket knows of one edge, as it stores it.</summary>
internal static class EdgeCodec
{
    private const int HasOpen = 1;
    private const int HasEnded = 2;
    private const int HasOwed = 4;

    public static void Write(ref StateWriter writer, EdgeEntry edge, Instant now)
    {
        writer.WriteBits(edge.Edge.Value);
        writer.Write(edge.Number);
        writer.Write((edge.Open is null ? 0 : HasOpen) | (edge.Ended is null ? 0 : HasEnded)
            | (edge.AppliedOwed is null ? 0 : HasOwed));
        if (edge.Open is not null) Write(ref writer, edge.Open, now);
        if (edge.Ended is not null) Write(ref writer, edge.Ended, now);
        foreach (var owed in edge.AppliedOwed ?? []) writer.Write(owed);
        writer.Write((int)edge.Reply.Outcome);
        WriteTime(ref writer, edge.Reply.Now, now);
        writer.Write(edge.Reply.DurationMs);
        WriteTime(ref writer, edge.Reply.RetryAt, now);
        writer.Write(edge.Reply.Violated);
    }

    public static EdgeEntry Read(ref StateReader reader, Instant now, int limits)
    {
        var edge = new EdgeEntry(new EdgeId(reader.ReadBits())) { Number = reader.Read() };
        var has = reader.ReadCount(HasOpen | HasEnded | HasOwed);
        if ((has & HasOpen) != 0) edge.Open = ReadLease(ref reader, now, limits);
        if ((has & HasEnded) != 0) edge.Ended = ReadLease(ref reader, now, limits);
        if ((has & HasOwed) != 0)
        {
            edge.AppliedOwed = new long[limits];
            for (var i = 0; i < limits; i++) edge.AppliedOwed[i] = reader.Read();
        }
        edge.Reply = new KeptReply(
            (ReserveOutcome)reader.ReadCount((int)ReserveOutcome.Stale), ReadTime(ref reader, now), reader.Read(),
            ReadTime(ref reader, now), checked((uint)reader.Read()));
        return edge;
    }

    private static void Write(ref StateWriter writer, Lease lease, Instant now)
    {
        writer.Write(lease.Opened);
        WriteTime(ref writer, lease.GrantedAt, now);
        WriteTime(ref writer, lease.Received, now);
        WriteTime(ref writer, lease.Pending, now);
        foreach (var holding in lease.Holdings)
        {
            writer.Write(holding.Held);
            writer.Write(holding.Pending);
            writer.Write(holding.AppliedSpent);
            writer.Write(holding.AppliedReturned);
        }
    }

    private static Lease ReadLease(ref StateReader reader, Instant now, int limits)
    {
        var lease = new Lease(reader.Read(), ReadTime(ref reader, now), limits)
        {
            Received = ReadTime(ref reader, now),
            Pending = ReadTime(ref reader, now),
        };
        foreach (ref var holding in lease.Holdings.AsSpan())
        {
            holding = new Holding
            {
                Held = reader.Read(),
                Pending = reader.Read(),
                AppliedSpent = reader.Read(),
                AppliedReturned = reader.Read(),
            };
        }
        return lease;
    }

    // 0 for none, 1 for never, otherwise the distance from the bucket's own time.
    private static void WriteTime(ref StateWriter writer, Instant time, Instant now)
    {
        if (time == default) writer.Write(0);
        else if (time == Instant.Never) writer.Write(1);
        else
        {
            writer.Write(2);
            writer.WriteSigned(time - now);
        }
    }

    private static Instant ReadTime(ref StateReader reader, Instant now) => reader.ReadCount(2) switch
    {
        0 => default,
        1 => Instant.Never,
        _ => now + reader.ReadSigned(),
    };
}
