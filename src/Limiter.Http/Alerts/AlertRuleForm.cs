using System.Collections.Immutable;
using Limiter.Domain.Alerts;
using Limiter.Domain.Policies;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Alerts;

/// <summary>The body that makes a tenant's rule.</summary>
internal sealed class AlertRuleForm
{
    private const int SecretLengthMin = 16;
    private const int SecretLengthMax = 256;
    private const int ThresholdsField = 0, LimitsField = 1, SummaryField = 2, WebhookField = 3, SecretField = 4;

    private static readonly FieldNames Names = new("thresholds", "limits", "summary", "webhook", "secret");

    private bool _summary = true;

    public ImmutableArray<int> Thresholds { get; private set; } = AlertRule.ThresholdsDefault;

    public ImmutableArray<string> Limits { get; private set; } = [];

    public bool Summary => _summary;

    /// <summary>Null: none.</summary>
    public Uri? Webhook { get; private set; }

    /// <summary>Null: the one there is, or else one that is minted.</summary>
    public string? Secret { get; private set; }

    public static Problem? TryRead(
        in RequestBody body, Policy policy, WebhookTargets targets, out AlertRuleForm form)
    {
        form = new AlertRuleForm();
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        if (json.Open())
            while (json.Next(Names, out var field) && form.Read(ref json, field, policy, targets)) { }
        if (json.Problem is not null) return json.Problem;
        return form is { Secret: not null, Webhook: null }
            ? InputProblem.Conflicting(Names[SecretField], "A secret signs what goes to a webhook, and there is none.")
            : null;
    }

    public static Problem RefusedWebhook(string must) =>
        InputProblem.Invalid(Names[WebhookField], must) with { Code = ProblemCode.RefusedWebhook };

    private bool Read(ref StrictReader json, int field, Policy policy, WebhookTargets targets) => field switch
    {
        ThresholdsField => ReadThresholds(ref json),
        LimitsField => ReadLimits(ref json, policy),
        SummaryField => json.Boolean(Names[field], out _summary),
        WebhookField => ReadWebhook(ref json, targets),
        _ => ReadSecret(ref json),
    };

    private bool ReadThresholds(ref StrictReader json)
    {
        var thresholds = ImmutableArray.CreateBuilder<int>();
        const string must = "up to 10 different whole numbers from 1 to 100, of which 100 stands for exceeded";
        if (!json.OpenList(Names[ThresholdsField])) return false;
        while (json.NextItem())
        {
            if (!json.Integer(Names[ThresholdsField], must, out var number)) return false;
            if (!AlertingOptions.TryAdd(thresholds, number))
                return json.Fail(InputProblem.Invalid(Names[ThresholdsField], must));
        }
        thresholds.Sort();
        Thresholds = thresholds.ToImmutable();
        return json.Problem is null;
    }

    private bool ReadLimits(ref StrictReader json, Policy policy)
    {
        var limits = ImmutableArray.CreateBuilder<string>();
        if (!json.OpenList(Names[LimitsField])) return false;
        while (json.NextItem())
        {
            if (!json.Text(Names[LimitsField], LimitId.LengthMax, out var name)) return false;
            if (policy.FindLimit(name) is null || limits.Contains(name))
                return json.Fail(InputProblem.Invalid(
                    Names[LimitsField],
                    "different names of " + string.Join(", ", policy.Limits.Select(known => known.Name)))
                    with { Code = ProblemCode.UnknownLimit });
            limits.Add(name);
        }
        Limits = limits.ToImmutable();
        return json.Problem is null;
    }

    private bool ReadWebhook(ref StrictReader json, WebhookTargets targets)
    {
        if (!json.Text(Names[WebhookField], AlertRule.WebhookLengthMax, out var text)) return false;
        if (targets.TryParse(text, out var webhook) is { } must) return json.Fail(RefusedWebhook(must));
        Webhook = webhook;
        return true;
    }

    private bool ReadSecret(ref StrictReader json)
    {
        if (!json.Text(Names[SecretField], SecretLengthMax, out var text)) return false;
        if (text.Length < SecretLengthMin || text.Any(c => c is <= ' ' or > '~'))
            return json.Fail(InputProblem.Invalid(
                Names[SecretField],
                $"{SecretLengthMin} to {SecretLengthMax} printable ASCII characters without spaces"));
        Secret = text;
        return true;
    }
}
