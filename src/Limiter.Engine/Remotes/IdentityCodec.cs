using System.Collections.Immutable;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Remotes;

/// <summary>
/// An identity as one process tells it to another, the members of a JSON object: plan, version, own numbers, suspension
/// and when the key ends. No hash, no label and no reason is told: deciding needs none. Times are Unix milliseconds.
/// </summary>
public static class IdentityCodec
{
    public static void Write(Utf8JsonWriter json, RemoteIdentity identity)
    {
        var tenant = identity.Tenant;
        json.WriteString("tenant"u8, tenant.Id.Text);
        json.WriteString("plan"u8, tenant.Plan);
        json.WriteNumber("version"u8, tenant.Version);
        json.WritePropertyName("overrides"u8);
        json.WriteRawValue(TenantLimitsCodec.Encode(tenant.Overrides));
        json.WritePropertyName("adjustments"u8);
        json.WriteRawValue(TenantLimitsCodec.Encode(tenant.Adjustments.ToImmutableDictionary(
            one => one.Key, one => one.Value with { Reason = "" })));
        if (tenant.Suspension is { } suspension)
            json.WriteNumber("suspendedUntilMs"u8, suspension.Until.UnixMilliseconds);
        if (identity.Key.IsNone) return;
        json.WriteString("key"u8, identity.Key.Text);
        if (identity.EndsAt != Instant.Never) json.WriteNumber("endsAtMs"u8, identity.EndsAt.UnixMilliseconds);
    }

    /// <exception cref="FormatException">It is not what <see cref="Write"/> writes.</exception>
    public static RemoteIdentity Read(JsonElement json)
    {
        try
        {
            if (!TenantId.TryParse(json.GetProperty("tenant"u8).GetString(), out var tenant))
                throw new FormatException("an identity names no tenant");
            var record = new TenantRecord(
                tenant, json.GetProperty("plan"u8).GetString() ?? "", json.GetProperty("version"u8).GetInt64(),
                default,
                TenantLimitsCodec.DecodeOverrides(Bytes(json.GetProperty("overrides"u8))),
                TenantLimitsCodec.DecodeAdjustments(Bytes(json.GetProperty("adjustments"u8))))
            {
                Suspension = Time(json, "suspendedUntilMs"u8) is { } until ? new Suspension(until, "") : null,
            };
            var key = default(KeyId);
            if (json.TryGetProperty("key"u8, out var name) && !KeyId.TryParse(name.GetString(), out key))
                throw new FormatException("an identity names an impossible key");
            return new RemoteIdentity(record, key, Time(json, "endsAtMs"u8) ?? Instant.Never);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or JsonException)
        {
            throw new FormatException($"an identity cannot be read: {wrong.Message}", wrong);
        }
    }

    private static Instant? Time(JsonElement json, ReadOnlySpan<byte> name) =>
        json.TryGetProperty(name, out var time) ? new Instant(time.GetInt64()) : null;

    private static ReadOnlyMemory<byte> Bytes(JsonElement json) =>
        System.Text.Encoding.UTF8.GetBytes(json.GetRawText());
}
