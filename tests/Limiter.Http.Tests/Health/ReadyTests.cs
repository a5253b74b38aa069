using System.Text;
using Limiter.Engine.InMemory;
using Limiter.Http.Health;
using Limiter.Server.Startup;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Health;

public sealed class ReadyTests
{
    [Fact]
    public async Task What_cannot_be_written_is_not_ready_until_it_can()
    {
        string? trouble = "the disk is full";
        var handler = new HealthHandler(new InMemoryDirectory(), () => trouble);
        var (status, text) = await AnswerAsync(handler);
        status.ShouldBe(503);
        text.ShouldContain("not_ready");
        text.ShouldContain("The store cannot be written: the disk is full.");
        trouble = null;
        (await AnswerAsync(handler)).ShouldBe((200, "ok\n"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("/data/l.db: the disk is full (SQLite Error 13: 'full: /data/l.db'.)", "the disk is full")]
    [InlineData("/data/l.db: another process changed the same rows", "another process changed the same rows")]
    [InlineData("Access to /data is denied", "the store failed")]
    [InlineData("/data/l.db: see /data/l.db", "the store failed")]
    public void The_cause_is_told_without_the_file(string? trouble, string? told) =>
        Store.Short(trouble, "/data/l.db").ShouldBe(told);

    private static async Task<(int Status, string Text)> AnswerAsync(HealthHandler handler)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        var result = await handler.ReadyAsync(context.Request, default);
        await result.ExecuteAsync(context);
        await context.Response.BodyWriter.FlushAsync();
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
