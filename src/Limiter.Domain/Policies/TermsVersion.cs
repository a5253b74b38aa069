namespace Limiter.Domain.Policies;

/// <summary>
/// Orders terms: first by the policy's generation (rises when another policy file comes into force), then by the
/// tenant's version in the directory (rises at every change). <c>default</c> is older than all.
/// </summary>
public readonly record struct TermsVersion(long Policy, long Tenant) : IComparable<TermsVersion>
{
    public static bool operator >(TermsVersion left, TermsVersion right) => left.CompareTo(right) > 0;

    public static bool operator <(TermsVersion left, TermsVersion right) => left.CompareTo(right) < 0;

    public static bool operator >=(TermsVersion left, TermsVersion right) => left.CompareTo(right) >= 0;

    public static bool operator <=(TermsVersion left, TermsVersion right) => left.CompareTo(right) <= 0;

    public int CompareTo(TermsVersion other) =>
        Policy != other.Policy ? Policy.CompareTo(other.Policy) : Tenant.CompareTo(other.Tenant);

    public override string ToString() => $"{Policy}.{Tenant}";
}
