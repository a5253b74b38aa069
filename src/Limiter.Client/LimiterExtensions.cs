using Limiter.Client.Edge;
using Limiter.Client.RateLimiting;
using Limiter.Client.Web;
using Limiter.Domain.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Limiter.Client;

/// <summary>Puts an API under the limits of a limiter.</summary>
public static class LimiterExtensions
{
    /// <summary>Adds what <see cref="UseLimiter"/> needs. It starts and settles with the host.</summary>
    /// <param name="services">The API's services. A <see cref="TimeProvider"/> among them is its clock.</param>
    /// <param name="configure">At least the address and the gateway key. Wrong options fail the start.</param>
    public static IServiceCollection AddLimiter(
        this IServiceCollection services, Action<LimiterClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<LimiterClientOptions>().Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<LimiterClientOptions>, OptionsCheck>());
        services.TryAddSingleton<ClientEdge>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ClientEdge>(EdgeOf));
        return services;
    }

    /// <summary>
    /// Decides about every request that comes by here; where it stands in the pipeline is where requests are counted.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="AddLimiter"/> was not called.</exception>
    public static IApplicationBuilder UseLimiter(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        var edge = services.GetService<ClientEdge>()
            ?? throw new InvalidOperationException("Call services.AddLimiter(...) before app.UseLimiter().");
        return app.Use(next => new LimiterMiddleware(next, edge).InvokeAsync);
    }

    /// <summary>
    /// Lets ASP.NET Core's own <c>UseRateLimiter</c> decide by the limiter, in the place of <see cref="UseLimiter"/>:
    /// sets its global limiter and the contract's answer to what is rejected. After <see cref="AddLimiter"/>.
    /// </summary>
    public static IServiceCollection AddLimiterRateLimiting(this IServiceCollection services)
    {
        services.AddRateLimiter(static _ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, LimiterRateLimiting>();
        return services;
    }

    /// <summary>What a request to this endpoint costs, in the place of the policy's own cost for it.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="cost">Tokens, within the policy's bounds: 1 to at most 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">No policy allows such a cost.</exception>
    public static TBuilder WithLimiterCost<TBuilder>(this TBuilder builder, long cost)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, CostBounds.Greatest);
        return builder.WithMetadata(new LimiterCost(cost));
    }

    /// <summary>
    /// Tells how many records a request to this endpoint brings, for a policy that caps them: more are refused with
    /// 413.
    /// </summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="count">Counts them; null when it cannot be told. Must not read the body.</param>
    public static TBuilder WithLimiterRecords<TBuilder>(this TBuilder builder, Func<HttpContext, long?> count)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(count);
        return builder.WithMetadata(new LimiterRecords(count));
    }

    /// <summary>
    /// Says what this request has cost in truth: the difference to what it was charged is charged or given back behind
    /// its answer. Without effect where nothing was charged. The last one said counts.
    /// </summary>
    /// <param name="context">A request that passed <see cref="UseLimiter"/>.</param>
    /// <param name="cost">Tokens, 1 to 1,000,000 and within the policy's bounds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The policy allows no such cost.</exception>
    public static void SetLimiterCost(this HttpContext context, long cost)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, CostBounds.Greatest);
        if (LimiterAnswer.Of(context) is not { Decision.Policy: { } policy } answer) return;
        if (!policy.Cost.Contains(cost))
            throw new ArgumentOutOfRangeException(
                nameof(cost), cost, $"This policy's costs are {policy.Cost.Min} to {policy.Cost.Max}.");
        answer.TrueCost = cost;
    }

    private static ClientEdge EdgeOf(IServiceProvider services) => services.GetRequiredService<ClientEdge>();
}
