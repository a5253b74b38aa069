using Limiter.Functions.Host;
using Limiter.Http.Surface;

namespace Limiter.Surface;

public sealed class RouteTests
{
    // Whatever is not there is no path of the surface.
    private const string Rest = "/{*path}";

    // The platform takes an empty route for the function's name.
    private const string Root = "/{ignored:maxlength(0)?}";

    [Fact]
    public async Task Both_hosts_serve_the_same_paths_and_each_path_takes_every_method()
    {
        await using var hosts = await BothHosts.StartAsync("waqti");
        var functions = FunctionHost.Routes.Where(route => route.Route != Rest).ToArray();
        functions.Select(route => route.Route.Replace("{*", "{**", StringComparison.Ordinal))
            .Select(route => route == Root ? "/" : route).Order()
            .ShouldBe(hosts.Server.Surface.Resources.Select(resource => resource.Pattern).Order());
        FunctionHost.Routes.ShouldAllBe(route => route.Methods.Count == 0);
        FunctionHost.Routes.Count().ShouldBe(functions.Length + 1);
    }

    [Fact]
    public async Task Both_hosts_have_the_same_calls()
    {
        await using var hosts = await BothHosts.StartAsync("waqti");
        Calls(hosts.Functions.Edge.Surface).ShouldBe(Calls(hosts.Server.Surface));
    }

    private static IEnumerable<string> Calls(HttpSurface surface) =>
        from resource in surface.Resources
        from call in resource.Calls
        select $"{call.Operation.Method} {call.Operation.Pattern} {call.Operation.Access}";
}
