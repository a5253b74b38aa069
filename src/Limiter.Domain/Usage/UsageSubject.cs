namespace Limiter.Domain.Usage;

/// <summary>What of a tenant's checks is counted together.</summary>
/// <param name="Key">The key's name; empty for none.</param>
/// <param name="Group">The endpoint group.</param>
/// <param name="Template">The rule's template, cut to <see cref="TemplateLengthMax"/> characters.</param>
public readonly record struct UsageSubject(string Key, string Group, string Template)
{
    public const int TemplateLengthMax = 128;

    // Of a key's line, whatever its groups: a group's name has no star.
    private const string AnyGroup = "*";

    /// <summary>All that has no line of its own. No policy has such a group.</summary>
    public static readonly UsageSubject Other = new("", "", "");

    public bool IsOther => Group.Length == 0;

    /// <summary>What a split leaves of it.</summary>
    public UsageSubject By(UsageSplit split) => split switch
    {
        UsageSplit.Endpoint => this with { Key = "" },
        UsageSplit.Key when !IsOther => new UsageSubject(Key, AnyGroup, ""),
        _ => Other,
    };

    public static UsageSubject Of(string key, string group, string template) => new(
        key, group, template.Length <= TemplateLengthMax ? template : template[..TemplateLengthMax]);
}
