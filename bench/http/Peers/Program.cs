// What a user of ASP.NET Core would build instead of Limiter, one kind a process:
//   --kind empty            parses a check and answers it, decides nothing: the ceiling
//   --kind framework        the same behind ASP.NET Core's rate-limiting middleware
//   --kind redis            the same, asking a Lua sliding window in Redis (--redis PORT) first
//   --kind yarp             forwards to --upstream: the proxy's ceiling
//   --kind yarp-framework   the same behind ASP.NET Core's rate-limiting middleware
// --rich and --poor are the numbers in 60 seconds of a tenant, and of one whose name begins with "poor".
using Peers;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));
var kind = builder.Configuration["kind"] ?? throw new ArgumentException("--kind is missing.");
var numbers = new Numbers(
    builder.Configuration.GetValue<int>("rich"), builder.Configuration.GetValue<int>("poor"));
var forwards = kind is "yarp" or "yarp-framework";
var counts = kind is "framework" or "yarp-framework";
if (forwards) Forwarding.AddTo(builder.Services);
if (counts) FrameworkLimits.AddTo(builder.Services, numbers, forwards ? "Authorization" : "X-Tenant");
var app = builder.Build();
if (counts) app.UseRateLimiter();
if (forwards) Forwarding.Map(app, builder.Configuration["upstream"]!);
else if (kind == "redis") await RedisCheck.MapAsync(app, builder.Configuration.GetValue<int>("redis"), numbers);
else if (kind is "empty" or "framework") app.MapPost("/v1/check", (CheckBody check) => check.Allowed());
else throw new ArgumentException($"There is no kind {kind}.");
await app.RunAsync();
