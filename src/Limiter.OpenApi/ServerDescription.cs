using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Limiter.OpenApi;

/// <summary>The OpenAPI document of all calls, as <c>Microsoft.AspNetCore.OpenApi</c> makes it of endpoints.</summary>
internal static class ServerDescription
{
    private const string Name = "v1";

    /// <summary>The same bytes at every run. Nothing listens, and nothing is answered.</summary>
    public static async Task<byte[]> MakeAsync()
    {
        // Neither settings nor an environment: what is made depends on the table alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // It is asked for, and never started.
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        // As the handlers read numbers: a string is none.
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer<SchemaBounds>();
            options.AddOperationTransformer<OperationTerms>();
            options.AddDocumentTransformer<DocumentTerms>();
        });
        await using var app = builder.Build();
        IApplicationBuilder pipeline = app;
        pipeline.UseRouting().UseEndpoints(endpoints => endpoints.MapDescribed());
        var provider = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = await provider.GetOpenApiDocumentAsync().ConfigureAwait(false);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1).ConfigureAwait(false);
        return bytes.ToArray();
    }
}
