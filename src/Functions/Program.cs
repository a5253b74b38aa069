using Azure.Identity;
using Limiter.Engine.Ports;
using Limiter.Functions.Startup;
using Limiter.Tables;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
if (EdgeSettingsReader.TryRead(builder.Configuration, out var errors) is not { } settings)
{
    foreach (var error in errors) await Console.Error.WriteLineAsync(error).ConfigureAwait(false);
    return 1;
}
try
{
    var clock = TimeProvider.System;
    var options = new TablesStoreOptions();
    var store = Uri.TryCreate(settings.Tables, UriKind.Absolute, out var endpoint)
        ? TablesStore.Open(endpoint, new DefaultAzureCredential(), options, clock)
        : TablesStore.Open(settings.Tables, options, clock);
    builder.Services.AddEdge(settings, store.Directory, store.Usage, store.Alerts, clock, clock);
    var host = builder.Build();
    var edge = host.Services.GetRequiredService<EdgeProcess>();
    await edge.OpenAsync(CancellationToken.None).ConfigureAwait(false);
    host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
        .Register(() => edge.SettleAsync().GetAwaiter().GetResult());
    await host.RunAsync().ConfigureAwait(false);
    return 0;
}
catch (Exception e) when (e is StoreUnavailableException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"{EdgeSettings.Section}__{nameof(settings.Tables)}: {e.Message}")
        .ConfigureAwait(false);
    return 1;
}
