using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using Limiter.Described;
using Limiter.Domain.Policies;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Limiter.OpenApi;

/// <summary>Bounds that the generator does not read from a shape.</summary>
internal sealed class SchemaBounds : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(NumberOrUnlimited)) MakeNumber(schema);
        if (type.IsDefined(typeof(OrNullAttribute), false)) schema.Type |= JsonSchemaType.Null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(HashSet<>)) schema.UniqueItems = true;
        foreach (var attribute in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(true) ?? [])
        {
            if (attribute is AtLeastAttribute bound)
                schema.Minimum = bound.Least.ToString(CultureInfo.InvariantCulture);
            else if (attribute is AllowedValuesAttribute allowed)
                schema.Enum = [.. allowed.Values.Select(value => (JsonNode)(string)value!)];
            else if (attribute is MaxLengthAttribute most && schema.AdditionalProperties is not null)
                (schema.MaxProperties, schema.MaxItems, schema.MaxLength) = (most.Length, null, null);
            else if (attribute is RangeAttribute or RegularExpressionAttribute
                && schema.Items is OpenApiSchema items)
                Move(schema, items);
        }
        // Where a comment's line ends is no business of its reader's.
        schema.Description = schema.Description?.ReplaceLineEndings(" ");
        return Task.CompletedTask;
    }

    /// <summary>A range or a pattern of a list is each item's.</summary>
    private static void Move(OpenApiSchema list, OpenApiSchema item)
    {
        (item.Minimum, item.Maximum, item.Pattern) = (list.Minimum, list.Maximum, list.Pattern);
        (list.Minimum, list.Maximum, list.Pattern) = (null, null, null);
    }

    private static void MakeNumber(OpenApiSchema schema)
    {
        (schema.Type, schema.Properties) = (null, null);
        schema.AnyOf =
        [
            new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Minimum = "0",
                Maximum = Schedule.NumberMax.ToString(CultureInfo.InvariantCulture),
            },
            new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["unlimited"] },
        ];
    }
}
