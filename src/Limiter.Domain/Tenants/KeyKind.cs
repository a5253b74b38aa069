namespace Limiter.Domain.Tenants;

/// <summary>Where a key's secret comes from. The numbers are stored: never renumber.</summary>
public enum KeyKind
{
    /// <summary>Minted here for production, <c>lk_live_…</c>. Also keys of before there were kinds.</summary>
    Live = 0,

    /// <summary>Minted here for trying out, <c>lk_test_…</c>. It is counted like any other.</summary>
    Test = 1,

    /// <summary>Made elsewhere: only the secret's hash was ever given.</summary>
    Imported = 2,
}
