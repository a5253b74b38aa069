using Limiter.OpenApi;

namespace Limiter.Http.Tests.OpenApi;

public sealed class GenerationTests
{
    [Fact]
    public async Task What_is_served_is_what_the_table_makes_today()
    {
        await using var server = await TestServer.StartAsync();
        var served = await server.Anyone.GetByteArrayAsync("/openapi/v1.json");
        (await ServerDescription.MakeAsync()).ShouldBe(served);
    }

    [Fact]
    public async Task The_same_table_makes_the_same_bytes() =>
        (await ServerDescription.MakeAsync()).ShouldBe(await ServerDescription.MakeAsync());
}
