using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Limiter.Client.Tests.Packaging;

public sealed class OptionsTests
{
    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_the_start()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(TestApi.StartAsync(
            services => services.AddLimiter(options =>
            {
                options.Address = new Uri("ftp://limiter");
                options.WaitLimit = TimeSpan.Zero;
                options.PolicyInterval = TimeSpan.Zero;
                options.UsageSaveSeconds = 7;
            }),
            static app => app.UseLimiter(), TestApi.Echo));
        wrong.Failures.Count().ShouldBe(5);
        foreach (var name in new[] { "Address", "GatewayKey", "WaitLimit", "PolicyInterval", "UsageSaveSeconds" })
            wrong.Failures.ShouldContain(failure => failure.Contains(name, StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task A_fallback_policy_that_cannot_be_compiled_is_told_at_the_start()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(TestApi.StartAsync(
            services => services.AddLimiter(options =>
            {
                options.Address = new Uri("http://127.0.0.1:1");
                options.GatewayKey = "x";
                options.FallbackPolicy = "{}";
            }),
            static app => app.UseLimiter(), TestApi.Echo));
        wrong.Failures.ShouldAllBe(failure => failure.StartsWith("FallbackPolicy: "));
    }

    [Fact]
    public async Task The_middleware_says_what_it_lacks() =>
        (await Should.ThrowAsync<InvalidOperationException>(TestApi.StartAsync(
            static _ => { }, static app => app.UseLimiter(), TestApi.Echo))).Message.ShouldContain("AddLimiter");
}
