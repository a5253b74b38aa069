namespace Limiter.Http.Auth;

/// <summary>Whose the key is that a request shows.</summary>
internal enum KeyHolder
{
    /// <summary>It is no key.</summary>
    Nobody,

    /// <summary>A viewer's link.</summary>
    Viewer,

    /// <summary>The gateway key.</summary>
    Gateway,

    /// <summary>The admin key.</summary>
    Admin,
}
