namespace Limiter.Http.Auth;

/// <summary>Whose the key is that was shown.</summary>
internal enum KeyHolder
{
    /// <summary>It is no key.</summary>
    Nobody,

    /// <summary>A client's credential.</summary>
    Client,

    /// <summary>A viewer's link.</summary>
    Viewer,

    /// <summary>The gateway key.</summary>
    Gateway,

    /// <summary>The admin key.</summary>
    Admin,
}
