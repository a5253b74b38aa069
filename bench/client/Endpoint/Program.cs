// One minimal endpoint, three ways: "none" without limits, "limiter" behind the client's middleware, "window" behind
// ASP.NET Core's own rate limiting with a fixed window for each caller. The same endpoint, the same answer.
using System.Threading.RateLimiting;
using Limiter.Client;

var way = args[0];
var builder = WebApplication.CreateSlimBuilder(args[2..]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
if (way == "limiter")
    builder.Services.AddLimiter(options =>
    {
        options.Address = new Uri(args[1]);
        options.GatewayKey = "dev";
        options.Identify = static context => LimiterIdentity.OfTenant(context.Request.Headers["X-Tenant"].ToString());
    });
if (way == "window")
    builder.Services.AddRateLimiter(static options => options.GlobalLimiter =
        PartitionedRateLimiter.Create<HttpContext, string>(static context => RateLimitPartition.GetFixedWindowLimiter(
            context.Request.Headers["X-Tenant"].ToString(), static _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = 1_000_000_000,
                Window = TimeSpan.FromMinutes(1),
            })));
var app = builder.Build();
if (way == "limiter") app.UseLimiter();
if (way == "window") app.UseRateLimiter();
app.MapGet("/things", static () => "things");
app.Run();
