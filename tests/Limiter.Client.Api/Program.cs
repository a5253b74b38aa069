// An API that says of each request when its bucket counted it, to be judged by what all of its processes said.
// Arguments: the limiter's address and its gateway key.
using System.Globalization;
using Limiter.Client;
using Limiter.Client.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Critical);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddLimiter(options =>
{
    options.Address = new Uri(args[0]);
    options.GatewayKey = args[1];
    options.UsageSaveSeconds = 1;
    options.Identify = context => context.Request.Headers["X-Tenant"] is [{ } tenant]
        ? LimiterIdentity.OfTenant(tenant)
        : default;
});
var app = builder.Build();
app.UseLimiter();
for (var cost = 1; cost <= 3; cost++)
    app.MapGet(string.Create(CultureInfo.InvariantCulture, $"/{cost}"), static (HttpContext context) =>
    {
        var decision = context.Features.Get<LimiterAnswer>()!.Decision;
        return string.Create(CultureInfo.InvariantCulture, $"{decision.Mode} {decision.SpentAt.UnixMilliseconds}");
    }).WithLimiterCost(cost);
await app.StartAsync();
await Console.Out.WriteLineAsync(app.Urls.First());
await app.WaitForShutdownAsync();
