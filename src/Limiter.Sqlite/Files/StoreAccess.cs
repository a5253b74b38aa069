using Limiter.Engine.Ports;
using Limiter.Sqlite.Reading;
using Limiter.Sqlite.Writing;

namespace Limiter.Sqlite.Files;

/// <summary>Reads and changes for the ports whose failure is a <see cref="StoreUnavailableException"/>.</summary>
internal sealed class StoreAccess(Writer writer, ReadPool readers, string file)
{
    public async ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellation)
    {
        try
        {
            return await readers.ReadAsync(read, cancellation).ConfigureAwait(false);
        }
        catch (FormatException exception)
        {
            throw new RecordFailedException(Failure.Describe(file, exception), exception);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw new StoreUnavailableException(Failure.Describe(file, exception), exception);
        }
    }

    /// <summary>A transaction of its own; durable when it returns.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<Database, T> change, CancellationToken cancellation)
    {
        try
        {
            return await writer.ChangeAsync(change, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw new StoreUnavailableException(Failure.Describe(file, exception), exception);
        }
    }
}
