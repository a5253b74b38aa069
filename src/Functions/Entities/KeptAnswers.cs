using Limiter.Domain;
using Limiter.Domain.Buckets;

namespace Limiter.Functions.Entities;

/// <summary>The answers that are kept beside a bucket: 30 bytes each, oldest out first.</summary>
internal sealed class KeptAnswers
{
    /// <summary>Most answers kept. One that went too early counts as lost, which the protocol survives.</summary>
    public const int CountMax = 64;

    private const byte IsExact = 1;
    private const byte IsAlone = 2;

    private readonly List<KeptAnswer> _answers = [];

    public int Count => _answers.Count;

    /// <exception cref="BucketFormatException">The bytes are damaged.</exception>
    public static KeptAnswers Read(byte[]? bytes)
    {
        try
        {
            return bytes is null ? new KeptAnswers() : ReadThrough(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new BucketFormatException("The answers beside a bucket are damaged.");
        }
    }

    /// <summary>Null when there is nothing to keep.</summary>
    public byte[]? Write()
    {
        if (_answers.Count == 0) return null;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((byte)_answers.Count);
        foreach (var answer in _answers)
        {
            writer.Write(answer.Asker);
            writer.Write7BitEncodedInt64(answer.Number);
            writer.Write7BitEncodedInt64(answer.At.UnixMilliseconds);
            writer.Write((byte)answer.Outcome);
            writer.Write((byte)((answer.Exact ? IsExact : 0) | (answer.Alone ? IsAlone : 0)));
            writer.Write7BitEncodedInt64(answer.RetryAt.UnixMilliseconds);
            writer.Write(answer.Violated);
        }
        writer.Flush();
        return stream.ToArray();
    }

    public bool TryFind(ulong asker, long number, out KeptAnswer found)
    {
        found = _answers.Find(answer => answer.Asker == asker && answer.Number == number);
        return found != default;
    }

    /// <summary>True when an asker has asked again since: a request of that number is late.</summary>
    public bool HasLater(ulong asker, long number) =>
        _answers.Exists(answer => answer.Asker == asker && answer.Number > number);

    /// <summary>Keeps one answer for each asker, the latest.</summary>
    public void Add(in KeptAnswer answer)
    {
        Drop(answer.Asker);
        if (_answers.Count == CountMax) _answers.RemoveAt(0);
        _answers.Add(answer);
    }

    public void Drop(ulong asker) => _answers.RemoveAll(answer => answer.Asker == asker);

    public void Forget(Instant now) => _answers.RemoveAll(answer => now >= answer.Until);

    private static KeptAnswers ReadThrough(byte[] bytes)
    {
        var kept = new KeptAnswers();
        using var reader = new BinaryReader(new MemoryStream(bytes));
        for (var count = reader.ReadByte(); count > 0; count--)
        {
            var (asker, number) = (reader.ReadUInt64(), reader.Read7BitEncodedInt64());
            var at = new Instant(reader.Read7BitEncodedInt64());
            var (outcome, flags) = (reader.ReadByte(), reader.ReadByte());
            kept._answers.Add(new KeptAnswer(
                asker, number, at, outcome, (flags & IsExact) != 0, (flags & IsAlone) != 0,
                new Instant(reader.Read7BitEncodedInt64()), reader.ReadUInt32()));
        }
        return kept;
    }
}
