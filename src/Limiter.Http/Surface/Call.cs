using Limiter.Described;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Surface;

/// <summary>One call of the surface.</summary>
/// <param name="Operation">What is asked: its method, path, body and whose key it takes.</param>
/// <param name="Handler">What answers it once that is settled.</param>
public sealed record Call(Operation Operation, Handler Handler)
{
    internal bool Takes(string method) =>
        Operation.Method == Operation.AnyMethod || Is(method) || (TakesHead && HttpMethods.IsHead(method));

    /// <summary>Whether HEAD is answered like GET, without the body (RFC 9110, section 9.3.2).</summary>
    internal bool TakesHead => HttpMethods.IsGet(Operation.Method);

    private bool Is(string method) => string.Equals(Operation.Method, method, StringComparison.OrdinalIgnoreCase);
}
