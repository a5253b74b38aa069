using System.Net;

namespace Limiter.Tables.Tests;

/// <summary>Carries requests to the service, and spoils those that a test wants spoiled.</summary>
internal sealed class Faults() : DelegatingHandler(new SocketsHttpHandler())
{
    private int _sent;

    /// <summary>What happens to a request; null: nothing does.</summary>
    public Func<HttpRequestMessage, Fault?> Decide { get; set; } = _ => null;

    /// <summary>What is done before a request is sent.</summary>
    public Func<HttpRequestMessage, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Requests so far, those included that did not arrive.</summary>
    public int Sent => Volatile.Read(ref _sent);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        await Before(request);
        var fault = Decide(request);
        switch (fault)
        {
            case Fault.Busy:
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
            case Fault.NotSent:
                throw new HttpRequestException("a broken line");
            case Fault.NoAnswer:
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                break;
        }
        var response = await base.SendAsync(request, cancellationToken);
        if (fault != Fault.AnswerLost) return response;
        response.Dispose();
        throw new HttpRequestException("a line that broke before the answer");
    }
}

internal enum Fault
{
    /// <summary>The service says 503.</summary>
    Busy,

    /// <summary>The request does not arrive.</summary>
    NotSent,

    /// <summary>The request takes effect, and its answer does not arrive.</summary>
    AnswerLost,

    /// <summary>Nothing ever comes back.</summary>
    NoAnswer,
}
