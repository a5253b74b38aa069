using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Host.Entities;

/// <summary>One operation on an entity, with input and state serialized as the platform does.</summary>
internal sealed class Operation(EntityInstanceId id, string name, string? input, string? state) : TaskEntityOperation
{
    private readonly SerializedState _state = new(state);

    public override string Name { get; } = name;

    public override TaskEntityContext Context { get; } = new Surroundings(id);

    public override TaskEntityState State => _state;

    public override bool HasInput => input is not null;

    /// <summary>The state as it stands; null for none.</summary>
    public string? Saved => _state.Value;

    public override object? GetInput(Type inputType) =>
        input is null ? null : JsonSerializer.Deserialize(input, inputType);

    private sealed class SerializedState(string? value) : TaskEntityState
    {
        public string? Value { get; private set; } = value;

        public override bool HasState => Value is not null;

        public override object? GetState(Type type) => Value is null ? null : JsonSerializer.Deserialize(Value, type);

        public override void SetState(object? state) => Value = state is null ? null : JsonSerializer.Serialize(state);
    }

    /// <summary>Entities of Limiter signal nobody.</summary>
    private sealed class Surroundings(EntityInstanceId id) : TaskEntityContext
    {
        public override EntityInstanceId Id { get; } = id;

        public override void SignalEntity(
            EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null) =>
            throw new NotSupportedException();

        public override string ScheduleNewOrchestration(
            TaskName name, object? input = null, StartOrchestrationOptions? options = null) =>
            throw new NotSupportedException();
    }
}
