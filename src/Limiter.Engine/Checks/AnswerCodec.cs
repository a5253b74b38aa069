using System.Text;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;

namespace Limiter.Engine.Checks;

/// <summary>
/// An admission's answer as bytes, for the journal of remembered checks. Names are kept, not places: an answer whose
/// plan, rule or limit the policy in force has no more cannot be given again, and is forgotten.
/// </summary>
internal static class AnswerCodec
{
    /// <summary>The format that is written; older ones are read.</summary>
    private const byte Format = 2;

    /// <summary>The time of an answer that reserves nothing.</summary>
    private const long NoTime = 0;

    public static byte[] Encode(Decision answer)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Format);
        writer.Write((byte)answer.Mode);
        writer.Write(answer.Tenant.Text);
        writer.Write(answer.Key.Text);
        writer.Write(answer.Address ?? "");
        writer.Write(answer.Plan?.Name ?? "");
        writer.Write(answer.Rule?.Group ?? "");
        writer.Write(answer.Rule?.Template ?? "");
        writer.Write(answer.Cost);
        writer.Write(answer.At.UnixMilliseconds);
        writer.Write(answer.SpentAt.UnixMilliseconds);
        writer.Write(answer.CheckId);
        writer.Write(answer.ReservedUntil?.UnixMilliseconds ?? NoTime);
        writer.Write((byte)answer.Limits.Length);
        foreach (ref readonly var limit in answer.Limits)
        {
            writer.Write(limit.Limit.Name);
            writer.Write(limit.Number);
            writer.Write(limit.Remaining);
            writer.Write(limit.ResetsAt.UnixMilliseconds);
            writer.Write(limit.Violated);
        }
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Null when the bytes cannot be read or say what the policy does not know.</summary>
    public static Decision? Decode(byte[] bytes, PolicyInForce policy)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            return reader.ReadByte() is >= 1 and <= Format and var format ? Read(reader, format, policy) : null;
        }
        catch (Exception damage) when (damage is EndOfStreamException or FormatException)
        {
            return null;
        }
    }

    private static Decision? Read(BinaryReader reader, byte format, PolicyInForce policy)
    {
        var mode = (DecisionMode)reader.ReadByte();
        var answer = new Decision { Outcome = Outcome.Allowed, Policy = policy.Policy, Mode = mode };
        _ = TenantId.TryParse(reader.ReadString(), out var tenant);
        _ = KeyId.TryParse(reader.ReadString(), out var key);
        (answer.Tenant, answer.Key) = (tenant, key);
        answer.Address = reader.ReadString() is { Length: > 0 } address ? address : null;
        answer.Plan = policy.Policy.FindPlan(reader.ReadString());
        answer.Rule = policy.FindRule(reader.ReadString(), reader.ReadString());
        if (answer.Plan is null || answer.Rule is null) return null;
        answer.Cost = reader.ReadInt64();
        answer.At = new Instant(reader.ReadInt64());
        answer.SpentAt = new Instant(reader.ReadInt64());
        answer.CheckId = reader.ReadUInt64();
        // Format 1 knew neither reservations nor what a shadow limit would have denied.
        if (format > 1 && reader.ReadInt64() is not NoTime and var until) answer.ReservedUntil = new Instant(until);
        for (int limits = reader.ReadByte(); limits > 0; limits--)
        {
            if (policy.Policy.FindLimit(reader.ReadString()) is not { } limit) return null;
            answer.Add(new LimitStatus(
                limit, reader.ReadInt64(), reader.ReadInt64(), new Instant(reader.ReadInt64()),
                format > 1 && reader.ReadBoolean()));
        }
        return answer.Snapshot();
    }
}
