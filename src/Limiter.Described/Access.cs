namespace Limiter.Described;

/// <summary>Who may make a call.</summary>
public enum Access
{
    /// <summary>No key is asked for.</summary>
    Anyone,

    /// <summary>
    /// As for the gateway, whose key may stand in a header of its own: the credential in the usual one is its client's.
    /// </summary>
    Door,

    /// <summary>The gateway key or the admin key.</summary>
    Gateway,

    /// <summary>The admin key.</summary>
    Admin,
}
