namespace Limiter.Http.Checks;

/// <summary>What a text that should be a check id turned out to be.</summary>
public enum CheckIdReading
{
    Genuine,

    /// <summary>No check id of this version.</summary>
    Malformed,

    /// <summary>It has the form, but another's signature.</summary>
    Forged,
}
