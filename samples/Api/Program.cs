// A small API under the Waqti contract: a sliding minute and a UTC day for each tenant. What limits it are the lines
// from AddLimiter to UseLimiter.
//
//   dotnet run --project src/Limiter.Server      the limiter, on http://127.0.0.1:7071, with sample tenants
//   dotnet run --project samples/Api             this API, on http://127.0.0.1:5080
using Limiter.Client;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddLimiter(options =>
{
    options.Address = new Uri(builder.Configuration["Limiter:Address"] ?? "http://127.0.0.1:7071");
    options.GatewayKey = builder.Configuration["Limiter:GatewayKey"] ?? "dev";
});
var app = builder.Build();
app.UseLimiter();

string[] contacts = ["Amal", "Basim", "Dana"];
app.MapGet("/contacts", () => string.Join('\n', contacts));
app.MapGet("/contacts/{place:int}", (int place) =>
    place >= 0 && place < contacts.Length ? Results.Text(contacts[place]) : Results.NotFound());
app.Run();
