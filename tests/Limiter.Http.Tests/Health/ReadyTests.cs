using System.Text;
using Limiter.Domain;
using Limiter.Engine.Callers;
using Limiter.Engine.InMemory;
using Limiter.Http.Health;
using Limiter.Server.Startup;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Health;

public sealed class ReadyTests
{
    private static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task What_cannot_be_written_is_not_ready_until_it_can()
    {
        string? trouble = "the disk is full";
        var handler = Handler(() => trouble);
        var (status, text) = await AnswerAsync(handler);
        status.ShouldBe(503);
        text.ShouldContain("not_ready");
        text.ShouldContain("The store cannot be written: the disk is full.");
        trouble = null;
        (await AnswerAsync(handler)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_policy_in_force_is_told_and_a_newer_one_that_was_refused()
    {
        ReloadFailure? failure = null;
        var handler = Handler(static () => null, () => failure);
        var digest = Convert.ToHexStringLower(Policies.Shipped("waqti").Digest.AsSpan(0, 6));
        const string policy = "\"generation\":7,\"loadedAt\":\"2026-01-01T00:00:00Z\"";
        (await AnswerAsync(handler)).ShouldBe(
            (200, $$$"""{"status":"ready","policy":{"name":"waqti","digest":"{{{digest}}}",{{{policy}}}}""" + "}"));
        failure = new ReloadFailure(Start + 1_000, 3);
        var (status, text) = await AnswerAsync(handler);
        status.ShouldBe(200);
        text.ShouldEndWith("\"reload\":{\"failedAt\":\"2026-01-01T00:00:01Z\",\"errors\":3}}");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("/data/l.db: the disk is full (SQLite Error 13: 'full: /data/l.db'.)", "the disk is full")]
    [InlineData("/data/l.db: another process changed the same rows", "another process changed the same rows")]
    [InlineData("Access to /data is denied", "the store failed")]
    [InlineData("/data/l.db: see /data/l.db", "the store failed")]
    public void The_cause_is_told_without_the_file(string? trouble, string? told) =>
        Store.Short(trouble, "/data/l.db").ShouldBe(told);

    private static HealthHandler Handler(Func<string?> trouble, Func<ReloadFailure?>? failure = null) => new(
        new InMemoryDirectory(), trouble, () => new PolicyInForce(Policies.Shipped("waqti"), 7, Start),
        failure ?? (static () => null));

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
