using System.Buffers;
using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>
/// A bucket's replies as bytes, for edges that have them over a network: a format number, then variable-length
/// integers, limits in the order of the request's terms. A reply of two limits takes about 60 bytes.
/// </summary>
public static class ReplyCodec
{
    public const byte Format = 2;

    /// <summary>Most releases of one limit that are read; a window has at most half as many slots.</summary>
    public const int ReleasesMax = 256;

    private const int Exact = 1;
    private const int Alone = 2;

    public static byte[] Encode(ReserveReply reply)
    {
        var output = new ArrayBufferWriter<byte>(128);
        var writer = new StateWriter(output);
        writer.Write(Format);
        writer.Write(reply.Number);
        writer.Write((int)reply.Outcome);
        writer.Write(reply.Now.UnixMilliseconds);
        writer.Write(reply.TermsVersion.Policy);
        writer.Write(reply.TermsVersion.Tenant);
        writer.Write(reply.Opened);
        writer.Write(reply.DurationMs);
        writer.Write((reply.Exact ? Exact : 0) | (reply.Alone ? Alone : 0));
        writer.WriteSigned(reply.RetryAt.UnixMilliseconds);
        writer.Write(reply.Violated);
        writer.Write(reply.Limits.Length);
        foreach (var (granted, outlook) in reply.Limits)
        {
            writer.Write(granted);
            Write(ref writer, outlook);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="BucketFormatException">The bytes are damaged, or of another format.</exception>
    public static ReserveReply Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var format = reader.Read();
        if (format != Format)
            throw new BucketFormatException(
                $"A bucket's reply is written in format {format}; this version reads format {Format}.");
        var number = reader.Read();
        var outcome = (ReserveOutcome)reader.ReadCount((int)ReserveOutcome.Stale);
        var now = new Instant(reader.Read());
        var version = new TermsVersion(reader.Read(), reader.Read());
        var (opened, duration) = (reader.Read(), reader.Read());
        var flags = reader.ReadCount(Exact | Alone);
        var retryAt = new Instant(reader.ReadSigned());
        var violated = (uint)reader.ReadCount(int.MaxValue);
        var limits = new LimitReply[reader.ReadCount(Terms.LimitsMax)];
        foreach (ref var limit in limits.AsSpan()) limit = new LimitReply(reader.Read(), ReadOutlook(ref reader));
        if (!reader.IsAtEnd) throw new BucketFormatException("A bucket's reply goes on after its end.");
        return new ReserveReply(
            number, outcome, now, version, opened, duration, (flags & Exact) != 0, (flags & Alone) != 0, retryAt,
            violated, ImmutableArray.Create(limits));
    }

    private static void Write(ref StateWriter writer, in LimitOutlook outlook)
    {
        writer.WriteNumber(outlook.Number);
        writer.WriteSigned(outlook.Free);
        writer.WriteSigned(outlook.FreeAt.UnixMilliseconds);
        writer.WriteSigned(outlook.LevelMax);
        var releases = outlook.Releases.IsDefault ? [] : outlook.Releases;
        writer.Write(releases.Length);
        var before = 0L;
        foreach (var release in releases)
        {
            writer.WriteSigned(release.At.UnixMilliseconds - before);
            // Below zero where a cost was corrected that a lease has yet to report: rare enough for ten bytes.
            writer.WriteBits(unchecked((ulong)release.Tokens));
            before = release.At.UnixMilliseconds;
        }
    }

    private static LimitOutlook ReadOutlook(ref StateReader reader)
    {
        var outlook = new LimitOutlook
        {
            Number = reader.ReadNumber(),
            Free = reader.ReadSigned(),
            FreeAt = new Instant(reader.ReadSigned()),
            LevelMax = reader.ReadSigned(),
        };
        var releases = new Spend[reader.ReadCount(ReleasesMax)];
        var at = new Instant(0);
        foreach (ref var release in releases.AsSpan())
        {
            at += reader.ReadSigned();
            release = new Spend(at, unchecked((long)reader.ReadBits()));
        }
        outlook.Releases = ImmutableArray.Create(releases);
        return outlook;
    }
}
