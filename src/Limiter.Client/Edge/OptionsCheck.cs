using Microsoft.Extensions.Options;

namespace Limiter.Client.Edge;

/// <summary>Finds everything that is wrong with the options, at the start.</summary>
internal sealed class OptionsCheck : IValidateOptions<LimiterClientOptions>
{
    public ValidateOptionsResult Validate(string? name, LimiterClientOptions options)
    {
        var errors = options.Errors().Select(error => $"AddLimiter: {error}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
