namespace Limiter.Tables.Rows;

/// <summary>
/// Lets one change at a time of this process come near a row that every change of a kind rewrites: they would only
/// undo one another. Other processes are held off by the row's version.
/// </summary>
internal sealed class Gates
{
    private const int Count = 32;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    public async ValueTask<Pass> EnterAsync(string name, CancellationToken cancellation)
    {
        var gate = _gates[(name.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % Count];
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        return new Pass(gate);
    }

    /// <summary>Leaves the gate when disposed.</summary>
    public readonly struct Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
