using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.DurableTask.Entities;

public interface ITaskEntity
{
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}

public abstract class TaskEntity<TState> : ITaskEntity
{
    private const BindingFlags Operations = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    protected virtual bool AllowStateDispatch => false;

    protected TState State { get; set; } = default!;

    protected TaskEntityContext Context { get; private set; } = null!;

    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Context = operation.Context;
        var state = operation.State.GetState(typeof(TState));
        State = state is null ? InitializeState(operation) : (TState)state;
        if (GetType().GetMethod(operation.Name, Operations) is { } method)
            return FinishAsync(operation, Invoke(method, operation), method.ReturnType);
        if (AllowStateDispatch) throw new NotSupportedException("A stand-in dispatches to no state.");
        if (!operation.Name.Equals("delete", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"No suitable method found for entity operation '{operation}'.");
        operation.State.SetState(null);
        return default;
    }

    protected virtual TState InitializeState(TaskEntityOperation entityOperation) => Activator.CreateInstance<TState>();

    private object? Invoke(MethodInfo method, TaskEntityOperation operation)
    {
        var parameters = method.GetParameters();
        if (parameters.Count(parameter => parameter.ParameterType == typeof(TaskEntityContext)) > 1
            || parameters.Count(parameter => parameter.ParameterType != typeof(TaskEntityContext)) > 1)
            throw new InvalidOperationException($"Error dispatching {operation} to '{method}'.");
        try
        {
            return method.Invoke(this, [.. parameters.Select(parameter => Bind(parameter, operation))]);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
    }

    private static object? Bind(ParameterInfo parameter, TaskEntityOperation operation)
    {
        if (parameter.ParameterType == typeof(TaskEntityContext)) return operation.Context;
        if (operation.HasInput) return operation.GetInput(parameter.ParameterType);
        return parameter.HasDefaultValue ? parameter.DefaultValue : throw new InvalidOperationException(
            $"Error dispatching {operation}: parameter '{parameter}' has no input.");
    }

    private async ValueTask<object?> FinishAsync(TaskEntityOperation operation, object? result, Type declared)
    {
        var task = result switch
        {
            Task running => running,
            ValueTask running => running.AsTask(),
            _ when declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
                (Task)declared.GetMethod("AsTask")!.Invoke(result, null)!,
            _ => null,
        };
        if (task is not null)
        {
            await task.ConfigureAwait(false);
            result = declared.IsGenericType ? task.GetType().GetProperty("Result")!.GetValue(task) : null;
        }
        operation.State.SetState(State);
        return result;
    }
}
