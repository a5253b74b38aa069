using System.Runtime.CompilerServices;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Running;

/// <summary>What happened in a world, a line an event, for who replays it. Costs nothing while it is off.</summary>
internal sealed class Timeline(Pump pump, Action<string>? write)
{
    public bool IsOn => write is not null;

    public void Add([InterpolatedStringHandlerArgument("")] Line line)
    {
        if (write is not null) write($"{pump.TrueTime} {line.Text.ToStringAndClear()}");
    }

    /// <summary>Text that is put together only when somebody reads it.</summary>
    [InterpolatedStringHandler]
    internal ref struct Line
    {
        public DefaultInterpolatedStringHandler Text;

        public Line(int literals, int holes, Timeline timeline, out bool isOn)
        {
            isOn = timeline.IsOn;
            if (isOn) Text = new DefaultInterpolatedStringHandler(literals, holes);
        }

        public void AppendLiteral(string text) => Text.AppendLiteral(text);

        public void AppendFormatted<T>(T value, string? format = null) => Text.AppendFormatted(value, format);
    }
}
