using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Limiter.Client.Web;

internal static class RequestFeatures
{
    /// <summary>
    /// What a request offers, by its type: the collection's own generic reading, which the context's properties go by
    /// as well, looks up on every call which of its bodies to run, and there are five on the way of a request.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Feature<T>(this HttpContext context)
        where T : class => context.Features[typeof(T)] as T;
}
