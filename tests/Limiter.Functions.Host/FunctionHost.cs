using System.Reflection;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Functions.Entities;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Host;

/// <summary>
/// Runs the function classes without the Functions host: HTTP over Kestrel by the routes of the attributes, timers on
/// demand, entities in this process's memory.
/// </summary>
public sealed class FunctionHost : IAsyncDisposable
{
    private static readonly IReadOnlyList<MethodInfo> Functions =
    [
        .. typeof(EdgeProcess).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null),
    ];

    private readonly WebApplication _app;
    private readonly DurableTaskClient _client;

    private FunctionHost(WebApplication app, TimeProvider clock, Delivery delivery)
    {
        _app = app;
        Entities = new EntityHost(NewEntity, clock, delivery);
        _client = HostEntityClient.For(Entities);
        foreach (var function in Functions)
            if (Trigger<HttpTriggerAttribute>(function) is { } trigger) Map(function, trigger);
    }

    /// <summary>Path and methods (none: all) of every HTTP function.</summary>
    public static IEnumerable<(string Route, IReadOnlyList<string> Methods)> Routes =>
        Functions.Select(Trigger<HttpTriggerAttribute>).Where(trigger => trigger is not null)
            .Select(trigger => ("/" + trigger!.Route, (IReadOnlyList<string>)(trigger.Methods ?? [])));

    public EntityHost Entities { get; }

    public EdgeProcess Edge => _app.Services.GetRequiredService<EdgeProcess>();

    public Uri Address => new(_app.Urls.First());

    /// <param name="settings">Valid settings.</param>
    /// <param name="directory">Tenants and keys.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="delivery">How signals reach the entities.</param>
    /// <param name="usage">What is counted; null: this process's memory.</param>
    /// <param name="alerts">What tenants are told; null: this process's memory.</param>
    public static async Task<FunctionHost> StartAsync(
        EdgeSettings settings, IDirectory directory, TimeProvider clock, Delivery delivery, IUsageStore? usage = null,
        IAlertStore? alerts = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddEdge(
            settings, directory, usage ?? new InMemoryUsage(clock), alerts ?? new InMemoryAlerts(), clock,
            new HastyClock());
        var host = new FunctionHost(builder.Build(), clock, delivery);
        await host.Edge.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        host._app.Lifetime.ApplicationStopping.Register(() => host.Edge.SettleAsync().GetAwaiter().GetResult());
        await host._app.StartAsync().ConfigureAwait(false);
        return host;
    }

    /// <summary>Runs a timer's function now.</summary>
    public Task RunTimerAsync(string name) => (Task)Invoke(
        Functions.Single(function => function.GetCustomAttribute<FunctionAttribute>()!.Name == name
            && Trigger<TimerTriggerAttribute>(function) is not null),
        null,
        CancellationToken.None)!;

    /// <summary>Stops as the platform does: leases are settled while requests may still come.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static T? Trigger<T>(MethodInfo function)
        where T : Attribute =>
        function.GetParameters().Select(parameter => parameter.GetCustomAttribute<T>())
            .FirstOrDefault(one => one is not null);

    private void Map(MethodInfo function, HttpTriggerAttribute trigger)
    {
        var pattern = "/" + (trigger.Route ?? function.GetCustomAttribute<FunctionAttribute>()!.Name);
        if (trigger.Methods is { Length: > 0 } methods) _app.MapMethods(pattern, methods, AnswerAsync);
        else _app.Map(pattern, (RequestDelegate)AnswerAsync);

        async Task AnswerAsync(HttpContext context)
        {
            var answering = (Task<IResult>)Invoke(function, context.Request, context.RequestAborted)!;
            var result = await answering.ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private object? Invoke(MethodInfo function, HttpRequest? request, CancellationToken cancellation)
    {
        var owner = ActivatorUtilities.GetServiceOrCreateInstance(_app.Services, function.DeclaringType!);
        return function.Invoke(owner, [.. function.GetParameters().Select(Bind)]);

        object? Bind(ParameterInfo parameter) => parameter.ParameterType switch
        {
            var type when type == typeof(HttpRequest) => request,
            var type when type == typeof(DurableTaskClient) => _client,
            var type when type == typeof(CancellationToken) => cancellation,
            var type when type == typeof(TimerInfo) => new TimerInfo(),
            var type => throw new NotSupportedException($"{function.Name} takes a {type}."),
        };
    }

    private ITaskEntity NewEntity(string name)
    {
        var function = Functions.Single(function => string.Equals(
            Trigger<EntityTriggerAttribute>(function)?.EntityName, name, StringComparison.OrdinalIgnoreCase));
        return (ITaskEntity)ActivatorUtilities.CreateInstance(_app.Services, function.DeclaringType!);
    }
}
