using Limiter.Http.Auth;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Surface;

/// <summary>One call of the surface.</summary>
/// <param name="Method">The HTTP method in capitals, or <see cref="AnyMethod"/>.</param>
/// <param name="Pattern">
/// The path, with route values in braces as ASP.NET Core and the Functions host write them.
/// </param>
/// <param name="Access">Who may make it.</param>
/// <param name="Handler">What answers it once that is settled.</param>
public sealed record Call(string Method, string Pattern, Access Access, Handler Handler)
{
    public const string AnyMethod = "*";

    /// <summary>Whether a viewer's link opens it too, for its own tenant.</summary>
    public bool ServesViewers { get; init; }

    internal bool Takes(string method) =>
        Method == AnyMethod || Is(method) || (TakesHead && HttpMethods.IsHead(method));

    /// <summary>Whether HEAD is answered like GET, without the body (RFC 9110, section 9.3.2).</summary>
    internal bool TakesHead => HttpMethods.IsGet(Method);

    private bool Is(string method) => string.Equals(Method, method, StringComparison.OrdinalIgnoreCase);
}
