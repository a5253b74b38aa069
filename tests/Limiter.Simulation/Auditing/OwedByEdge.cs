using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What one edge admitted of one limit without the bucket, in the order of true time, until it is charged for it.
/// </summary>
internal sealed class OwedByEdge
{
    private readonly Queue<(Instant At, long Tokens)> _open = new();
    private long _charged;

    /// <summary>The first admission that was charged to a time before it; null for none.</summary>
    public (Instant AdmittedAt, Instant ChargedTo)? Misdated { get; private set; }

    public void Admit(Instant at, long tokens) => _open.Enqueue((at, tokens));

    /// <summary>The oldest tokens are charged.</summary>
    /// <param name="at">To which of the bucket's times.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="clockErrorMs">By how much the bucket's time may be before the true one.</param>
    public void Charge(Instant at, long tokens, long clockErrorMs)
    {
        _charged += tokens;
        while (_charged > 0 && _open.TryPeek(out var oldest))
        {
            if (at + clockErrorMs < oldest.At) Misdated ??= (oldest.At, at);
            if (_charged < oldest.Tokens) return;
            _charged -= _open.Dequeue().Tokens;
        }
    }
}
