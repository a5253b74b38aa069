using System.Net.Http.Headers;
using System.Text.Json;

namespace Limiter.Client.Remote;

/// <summary>
/// What came of a call. A failure is a value: while a limiter is away every call fails, and throwing each through all
/// who wait for it would cost more than the calls.
/// </summary>
/// <param name="Answer">One JSON object; null when the call failed, or when nothing has changed.</param>
/// <param name="Tag">Names what was answered.</param>
/// <param name="Failure">Why there is no answer, or none of a limiter; null when there is one.</param>
internal readonly record struct CallResult(
    JsonDocument? Answer, EntityTagHeaderValue? Tag = null, RemoteException? Failure = null) : IDisposable
{
    public void Dispose() => Answer?.Dispose();
}
