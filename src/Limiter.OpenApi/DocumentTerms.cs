using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Answered = Limiter.Described.Problems.Problem;

namespace Limiter.OpenApi;

/// <summary>What is said once for all calls: what this is, the keys, and errors.</summary>
internal sealed class DocumentTerms : IOpenApiDocumentTransformer
{
    /// <summary>The component for errors, a response and its schema.</summary>
    public const string Problem = "Problem";

    public const string Gateway = "gateway";
    public const string Admin = "admin";
    public const string Door = "door";
    public const string Viewer = "viewer";

    public async Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Limiter",
            Version = "1",
            Description = "Decides whether a request to a multi-tenant API may pass.",
        };
        document.Servers = null;
        var problem = await context.GetOrCreateSchemaAsync(typeof(Answered), null, cancellationToken)
            .ConfigureAwait(false);
        document.AddComponent(Problem, problem);
        document.AddComponent<IOpenApiResponse>(Problem, new OpenApiResponse
        {
            Description = "An error, as problem details.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) },
            },
        });
        AddKey(document, Gateway, Bearer("The operator's gateway key."));
        AddKey(document, Admin, Bearer("The operator's admin key."));
        AddKey(document, Door, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Limiter-Key",
            Description = "The gateway key, where Authorization is the client's.",
        });
        AddKey(document, Viewer, Bearer(
            "A viewer's token (lv_…): its own tenant alone, by tenant and key; 10 calls a second, 60 at once."));
    }

    private static void AddKey(OpenApiDocument document, string name, OpenApiSecurityScheme scheme) =>
        document.AddComponent<IOpenApiSecurityScheme>(name, scheme);

    private static OpenApiSecurityScheme Bearer(string description) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = description,
    };
}
