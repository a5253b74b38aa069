using System.Globalization;
using Limiter.Described;
using Limiter.Described.Traffic;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Limiter.OpenApi;

/// <summary>What the generator cannot see of a call: its parameters, whose keys open it, how it refuses.</summary>
internal sealed class OperationTerms : IOpenApiOperationTransformer
{
    private const string DecisionMediaType = "application/vnd.limiter.decision+json";

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var described = context.Description.ActionDescriptor.EndpointMetadata.OfType<Operation>().Single();
        operation.Security = [.. Keys(described).Select(key => new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(key, context.Document)] = [],
        })];
        var values = await context.GetOrCreateSchemaAsync(typeof(PathValues), null, cancellationToken)
            .ConfigureAwait(false);
        List<IOpenApiParameter> parameters =
        [
            .. values.Properties!.Where(value => Has(described.Pattern, value.Key))
                .Select(value => Parameter(value.Key, value.Value, ParameterLocation.Path, true)),
        ];
        if (described.Query is { } query)
        {
            var schema = await context.GetOrCreateSchemaAsync(query, null, cancellationToken).ConfigureAwait(false);
            parameters.AddRange(schema.Properties!.Select(one =>
                Parameter(one.Key, one.Value, ParameterLocation.Query, schema.Required?.Contains(one.Key) == true)));
        }
        if (described.HonoursPreconditions) parameters.AddRange(Preconditions.Parameters());
        operation.Parameters = parameters.Count > 0 ? parameters : null;
        operation.Responses ??= [];
        foreach (var answer in described.Answers) Say(operation.Responses, answer);
        if (described.Refuses) operation.Responses["429"] = Refusal(context.Document!,
            await context.GetOrCreateSchemaAsync(typeof(Denied), null, cancellationToken).ConfigureAwait(false));
        if (described.HonoursPreconditions) operation.Responses["412"] = Preconditions.Failed(context.Document!);
        operation.Responses["default"] = new OpenApiResponseReference(DocumentTerms.Problem, context.Document);
    }

    private static bool Has(string pattern, string value) =>
        pattern.Contains($"{{{value}}}", StringComparison.Ordinal)
        || pattern.Contains($"{{**{value}}}", StringComparison.Ordinal);

    private static void Say(OpenApiResponses responses, Answer answer)
    {
        var response = (OpenApiResponse)responses[answer.Status.ToString(CultureInfo.InvariantCulture)];
        response.Description = answer.Description;
        // Endpoints cannot say so themselves.
        if (answer.MediaTypes.Contains(Answer.AnyMediaType))
            response.Content = new Dictionary<string, OpenApiMediaType> { [Answer.AnyMediaType] = new() };
        // A shape is one of JSON.
        foreach (var (mediaType, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
            if (mediaType.StartsWith("text/", StringComparison.Ordinal))
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
    }

    private static IEnumerable<string> Keys(Operation operation) =>
    [
        .. operation.Access switch
        {
            Access.Anyone => [],
            Access.Door => [DocumentTerms.Door, DocumentTerms.Gateway, DocumentTerms.Admin],
            Access.Gateway => [DocumentTerms.Gateway, DocumentTerms.Admin],
            _ => (string[])[DocumentTerms.Admin],
        },
        .. operation.ServesViewers ? [DocumentTerms.Viewer] : Array.Empty<string>(),
    ];

    private static OpenApiParameter Parameter(
        string name, IOpenApiSchema schema, ParameterLocation place, bool isRequired)
    {
        var description = schema.Description;
        // Said of the parameter; not twice.
        if (schema is OpenApiSchema own) own.Description = null;
        return new OpenApiParameter
        {
            Name = name,
            In = place,
            Required = isRequired,
            Description = description,
            Schema = schema,
        };
    }

    private static OpenApiResponse Refusal(OpenApiDocument document, OpenApiSchema denied)
    {
        document.AddComponent(nameof(Denied), denied);
        return new OpenApiResponse
        {
            Description = "Denied: the policy's own body, problem details if the policy says so, or the decision "
                + "itself for clients that accept it.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema() },
                ["application/problem+json"] = new() { Schema = new OpenApiSchema() },
                [DecisionMediaType] = new() { Schema = new OpenApiSchemaReference(nameof(Denied), document) },
            },
        };
    }
}
