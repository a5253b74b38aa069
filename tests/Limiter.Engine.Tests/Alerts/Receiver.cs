using System.Collections.Concurrent;
using Limiter.Domain.Alerts;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>Takes alerts as a receiver that keeps ids does, and fails as it is told to.</summary>
internal sealed class Receiver : IAlertCarrier
{
    private int _inFlight;
    private int _mostInFlight;

    /// <summary>Deliveries by tenant and id; what was refused is not among them.</summary>
    public ConcurrentQueue<Alert> Taken { get; } = new();

    /// <summary>Effects: one for each id.</summary>
    public ConcurrentDictionary<string, bool> Effects { get; } = new();

    public int Attempts { get; private set; }

    public int MostInFlight => _mostInFlight;

    /// <summary>What is answered to an alert; null: it was taken.</summary>
    public Func<Alert, string?> Answer { get; set; } = static _ => null;

    /// <summary>What an attempt waits for before it ends.</summary>
    public Func<Alert, Task> Pause { get; set; } = static _ => Task.CompletedTask;

    public async ValueTask<string?> DeliverAsync(Alert alert, AlertRule? rule, CancellationToken cancellation)
    {
        lock (Effects)
        {
            Attempts++;
            _mostInFlight = Math.Max(_mostInFlight, ++_inFlight);
        }
        try
        {
            await Pause(alert).WaitAsync(cancellation);
            if (Answer(alert) is { } error) return error;
            Taken.Enqueue(alert);
            Effects[alert.Id] = true;
            return null;
        }
        finally
        {
            lock (Effects) _inFlight--;
        }
    }
}
