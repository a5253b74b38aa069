using Microsoft.OpenApi;

namespace Limiter.OpenApi;

/// <summary>What a call says that changes something only in the state that its caller knows.</summary>
internal static class Preconditions
{
    public static IEnumerable<IOpenApiParameter> Parameters() =>
    [
        Header("If-Match", "Change it only if it has one of these entity tags, at most 20; * for any."),
        Header("If-None-Match", "Change it only if it has none of these entity tags, at most 20; * for any."),
    ];

    public static OpenApiResponse Failed(OpenApiDocument document) => new()
    {
        Description = "It is in another state than the one asked for; nothing was changed.",
        Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["ETag"] = new OpenApiHeader
            {
                Description = "Of its state; left out where there is none, or it has changed meanwhile.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        },
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchemaReference(DocumentTerms.Problem, document),
            },
        },
    };

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
