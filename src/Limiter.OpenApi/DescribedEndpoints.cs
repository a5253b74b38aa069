using Limiter.Described;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Limiter.OpenApi;

/// <summary>Endpoints that answer nothing, and say of themselves what the table says of their calls.</summary>
internal static class DescribedEndpoints
{
    private static readonly string[] AnyMethod = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"];

    public static void MapDescribed(this IEndpointRouteBuilder endpoints)
    {
        foreach (var operation in Operations.All())
        {
            if (operation.Method != Operation.AnyMethod) Map(endpoints, operation, operation.Method, operation.Name);
            else
                foreach (var method in AnyMethod)
                    Map(endpoints, operation, method, operation.Name + method[0] + method[1..].ToLowerInvariant());
        }
    }

    private static void Map(IEndpointRouteBuilder endpoints, Operation operation, string method, string name)
    {
        var endpoint = endpoints.MapMethods(operation.Pattern, [method], static () => Results.Empty)
            .WithName(name).WithTags(operation.Tag).WithSummary(operation.Summary).WithMetadata(operation);
        if (operation.Body is { } body)
            endpoint.WithMetadata(new AcceptsMetadata(["application/json"], body, operation.TakesNoBody));
        foreach (var answer in operation.Answers) endpoint.WithMetadata(Produced(answer));
    }

    private static ProducesResponseTypeMetadata Produced(Answer answer) =>
        new(answer.Status, answer.Shape ?? typeof(void), answer.Shape is null ? [] : [.. answer.MediaTypes]);
}
