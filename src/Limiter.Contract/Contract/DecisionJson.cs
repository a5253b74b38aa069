using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Http.Json;

namespace Limiter.Http.Contract;

/// <summary>A decision as this surface's own JSON.</summary>
internal static class DecisionJson
{
    /// <summary>What a gateway accepts to get a refusal in this shape rather than in the contract's.</summary>
    public const string MediaType = "application/vnd.limiter.decision+json";

    private static readonly JsonEncodedText DecisionName = JsonEncodedText.Encode("decision");
    private static readonly JsonEncodedText Allowed = JsonEncodedText.Encode("allowed");
    private static readonly JsonEncodedText Denied = JsonEncodedText.Encode("denied");
    private static readonly JsonEncodedText TenantName = JsonEncodedText.Encode("tenant");
    private static readonly JsonEncodedText PlanName = JsonEncodedText.Encode("plan");
    private static readonly JsonEncodedText GroupName = JsonEncodedText.Encode("group");
    private static readonly JsonEncodedText CostName = JsonEncodedText.Encode("cost");
    private static readonly JsonEncodedText ModeName = JsonEncodedText.Encode("mode");
    private static readonly JsonEncodedText LimitsName = JsonEncodedText.Encode("limits");
    private static readonly JsonEncodedText NameName = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText LimitName = JsonEncodedText.Encode("limit");
    private static readonly JsonEncodedText RemainingName = JsonEncodedText.Encode("remaining");
    private static readonly JsonEncodedText ResetsAtName = JsonEncodedText.Encode("resetsAt");
    private static readonly JsonEncodedText CheckIdName = JsonEncodedText.Encode("checkId");
    private static readonly JsonEncodedText ReservedUntilName = JsonEncodedText.Encode("reservedUntil");
    private static readonly JsonEncodedText RetryAfterName = JsonEncodedText.Encode("retryAfter");
    private static readonly JsonEncodedText ViolatedName = JsonEncodedText.Encode("violated");

    private static readonly JsonEncodedText ShadowName = JsonEncodedText.Encode("shadow");
    private static readonly JsonEncodedText WouldDenyName = JsonEncodedText.Encode("wouldDeny");

    private static readonly JsonEncodedText NowName = JsonEncodedText.Encode("now");
    private static readonly JsonEncodedText PerName = JsonEncodedText.Encode("per");
    private static readonly JsonEncodedText WindowSecondsName = JsonEncodedText.Encode("windowSeconds");

    // In the order of Partition.
    private static readonly JsonEncodedText[] Partitions =
        [JsonEncodedText.Encode("tenant"), JsonEncodedText.Encode("key"), JsonEncodedText.Encode("ip")];

    private static readonly JsonEncodedText[] Modes =
        [JsonEncodedText.Encode("exact"), JsonEncodedText.Encode("leased"), JsonEncodedText.Encode("degraded")];

    /// <param name="json">Where it goes.</param>
    /// <param name="decision">An admission.</param>
    /// <param name="checkId">Its signed id, in ASCII; empty for none.</param>
    public static void WriteAllowed(Utf8JsonWriter json, Decision decision, ReadOnlySpan<byte> checkId)
    {
        json.WriteStartObject();
        json.WriteString(DecisionName, Allowed);
        WriteCommon(json, decision);
        if (!checkId.IsEmpty) json.WriteString(CheckIdName, checkId);
        if (decision.ReservedUntil is { } until) json.WriteTime(ReservedUntilName, until);
        json.WriteEndObject();
    }

    /// <summary>A denial, or a refusal that the limits decided: then without a time to come back.</summary>
    public static void WriteDenied(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject();
        json.WriteString(DecisionName, Denied);
        WriteCommon(json, decision);
        if (LimitHeaders.MayRetry(decision)) json.WriteNumber(RetryAfterName, decision.RetryAfterSeconds);
        json.WriteStartArray(ViolatedName);
        foreach (ref readonly var status in decision.Limits)
            if (status.Denies) json.WriteStringValue(status.Limit.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The members that tell what is left, without a decision.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="decision">A look at the limits.</param>
    /// <param name="now">When it was taken: whoever shows it need not trust a clock of its own.</param>
    public static void WriteLimits(Utf8JsonWriter json, Decision decision, Instant now)
    {
        json.WriteTime(NowName, now);
        WriteCommon(json, decision, now);
    }

    private static void WriteCommon(Utf8JsonWriter json, Decision decision, Instant? look = null)
    {
        if (decision.Tenant.Text.Length > 0) json.WriteString(TenantName, decision.Tenant.Text);
        if (decision.Plan is { } plan) json.WriteString(PlanName, plan.Name);
        if (decision.Rule is { } rule) json.WriteString(GroupName, rule.Group);
        json.WriteNumber(CostName, decision.Cost);
        json.WriteString(ModeName, Modes[(int)decision.Mode]);
        json.WriteStartArray(LimitsName);
        foreach (ref readonly var status in decision.Limits)
        {
            json.WriteStartObject();
            json.WriteString(NameName, status.Limit.Name);
            json.WriteNumber(LimitName, status.Number);
            json.WriteNumber(RemainingName, Math.Max(0, status.Remaining));
            json.WriteTime(ResetsAtName, status.ResetsAt);
            if (status.Limit.IsShadow)
            {
                json.WriteBoolean(ShadowName, true);
                json.WriteBoolean(WouldDenyName, status.WouldDeny);
            }
            if (look is { } now)
            {
                json.WriteString(PerName, Partitions[(int)status.Limit.Partition]);
                json.WriteNumber(WindowSecondsName, WindowLength.OfNumberSeconds(status.Limit.Rule, now));
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
