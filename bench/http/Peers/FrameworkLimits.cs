using System.Threading.RateLimiting;

namespace Peers;

/// <summary>
/// ASP.NET Core's own limiter: a sliding window in as many segments as Limiter has slots, for each value of a header.
/// It costs one token a request, whatever the body says; it is asked before the body is read.
/// </summary>
internal static class FrameworkLimits
{
    public static void AddTo(IServiceCollection services, Numbers numbers, string header) =>
        services.AddRateLimiter(limits =>
        {
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetSlidingWindowLimiter(
                    context.Request.Headers[header].ToString(), tenant => new SlidingWindowRateLimiterOptions
                    {
                        PermitLimit = numbers.Of(tenant),
                        Window = TimeSpan.FromSeconds(Numbers.WindowSeconds),
                        SegmentsPerWindow = 60,
                        AutoReplenishment = true,
                    }));
            limits.OnRejected = (rejected, _) =>
                new ValueTask(CheckBody.Denied().ExecuteAsync(rejected.HttpContext));
        });
}
