namespace Limiter.Client.Remote;

/// <summary>The limiter cannot be asked, or what answers is none.</summary>
internal sealed class RemoteException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it was reached and found the request itself wrong: repeating it is in vain.</summary>
    public bool IsRefusal { get; init; }
}
