namespace Limiter.Domain.Buckets;

// How it is stored.
internal sealed partial class FixedCounter
{
    public override void Write(ref StateWriter writer)
    {
        writer.Write(_window.Start.UnixMilliseconds);
        writer.Write(_used);
        writer.Write(_debt);
        writer.Write(_carried);
        writer.Write(_refunded);
        writer.Write(_window.Start - _previousStart);
        writer.Write(_previousUsed);
        writer.Write(_held);
        if (_held > 0) writer.Write(_heldUntil - _window.Start);
        writer.Write(_opening);
        writer.Write(_previousOpening);
        writer.Write(_previousNumber == NoNumber ? 0 : 1);
        if (_previousNumber != NoNumber) writer.WriteNumber(_previousNumber);
    }

    public override void Read(ref StateReader reader)
    {
        _window = Window.Of(Rule, new Instant(reader.Read()));
        _used = reader.Read();
        _debt = reader.Read();
        _carried = reader.Read();
        _refunded = reader.Read();
        _previousStart = _window.Start + -reader.Read();
        _previousUsed = reader.Read();
        _held = reader.Read();
        if (_held > 0) _heldUntil = _window.Start + reader.Read();
        // The first format did not tell a day's debt from what it charged.
        (_opening, _previousOpening) = reader.Format == 1 ? (_carried, 0) : (reader.Read(), reader.Read());
        _previousNumber = reader.Format < 4 || reader.Read() == 0 ? NoNumber : reader.ReadNumber();
    }
}
