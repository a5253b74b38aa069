namespace Limiter.Http.Auth;

/// <summary>Who may make a call.</summary>
public enum Access
{
    /// <summary>No key is asked for.</summary>
    Anyone,

    /// <summary>The gateway key or the admin key.</summary>
    Gateway,

    /// <summary>The admin key.</summary>
    Admin,
}
