using System.Net;

namespace Limiter.Http.Tests.Clock;

public sealed class ClockCallTests
{
    private const string Path = "/dev/clock";

    [Fact]
    public async Task The_clock_is_read_set_and_advanced()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Anyone.GetStringAsync(Path)).ShouldBe("""{"now":"2026-01-01T00:00:00Z"}""");
        await MovedAsync(server, """{"advanceSeconds":30}""", "2026-01-01T00:00:30Z");
        await MovedAsync(server, """{"now":"2026-01-01T12:00:00Z"}""", "2026-01-01T12:00:00Z");
        await MovedAsync(server, """{"now":"2026-01-01T14:00:00+02:00"}""", "2026-01-01T12:00:00Z");
    }

    [Fact]
    public async Task Advances_that_are_asked_for_at_once_add_up()
    {
        await using var server = await TestServer.StartAsync();
        var moves = Enumerable.Range(0, 20).Select(async _ =>
        {
            using var moved = await server.Anyone.PutAsync(Path, TestServer.Json("""{"advanceSeconds":3}"""));
            moved.StatusCode.ShouldBe(HttpStatusCode.OK);
        });
        await Task.WhenAll(moves);
        (await server.Anyone.GetStringAsync(Path)).ShouldBe("""{"now":"2026-01-01T00:01:00Z"}""");
    }

    [Theory]
    [InlineData("""{"now":"2025-12-31T23:59:59Z"}""", "clock_backwards", "now")]
    [InlineData("""{"advanceSeconds":-1}""", "invalid_field", "advanceSeconds")]
    [InlineData("""{"now":"noon"}""", "invalid_field", "now")]
    [InlineData("""{"now":"9999-12-31T23:59:59Z"}""", "invalid_field", "now")]
    [InlineData("""{"now":"2026-01-01T00:00:01Z","advanceSeconds":1}""", "conflicting_fields", "now")]
    [InlineData("{}", "conflicting_fields", "now")]
    public async Task A_wrong_move_is_refused_and_the_clock_stands(string body, string code, string field)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Anyone.PutAsync(Path, TestServer.Json(body));
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code, field);
        server.Clock.GetUtcNow().ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static async Task MovedAsync(TestServer server, string body, string now)
    {
        var moved = await TestServer.ReadAsync(await server.Anyone.PutAsync(Path, TestServer.Json(body)));
        moved.GetProperty("now").GetString().ShouldBe(now);
    }
}
