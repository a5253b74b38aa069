using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Contract;

/// <summary>Whether a caller wants a refusal as a decision rather than in the contract's words.</summary>
internal static class DecisionAccept
{
    public static bool IsWanted(HttpRequest request)
    {
        var values = request.Headers.Accept;
        for (var i = 0; i < values.Count; i++)
            if (values[i]?.Contains(DecisionJson.MediaType, StringComparison.OrdinalIgnoreCase) == true)
                return IsNamed(request);
        return false;
    }

    private static bool IsNamed(HttpRequest request)
    {
        foreach (var accepted in request.GetTypedHeaders().Accept)
            if (accepted.MediaType.Equals(DecisionJson.MediaType, StringComparison.OrdinalIgnoreCase))
                return accepted.Quality is not 0;
        return false;
    }
}
