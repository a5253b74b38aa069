using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Http.Tests.Edges;

/// <summary>An edge elsewhere, as the wire sees it: it may say anything.</summary>
internal sealed class RemoteAsk(TestServer server, Policy policy)
{
    public const ulong Id = 0xA1;

    /// <summary>The generation of the server's policy, and the version that it believes its tenant to have.</summary>
    public TermsVersion Version { get; set; } = new(1, 1);

    public Terms Terms(string plan = "basic", long? number = null)
    {
        var terms = TermsResolver.Resolve(policy, 1, 0, policy.FindPlan(plan)!, null);
        return new Terms(Version, number is null ? terms.Limits :
            [.. terms.Limits.Select(limit => limit with { Schedule = Schedule.Constant(number.Value) })]);
    }

    public static LimitId Limit(string name) =>
        LimitId.TryParse(name, out var id) ? id : throw new ArgumentException(name);

    public ReserveRequest Want(long number, long least, long like, Terms? terms = null) => new(
        new EdgeId(Id), number, number - 1, terms ?? Terms(), 10_000, [],
        [new Want(Limit("minute"), least, least, like)], []);

    /// <summary>Sends one request; the answer is the reply or the code.</summary>
    public async Task<(ReserveReply? Reply, string? Code)> SendAsync(
        ReserveRequest request, string bucket = "t:acme:", ulong edge = Id)
    {
        var text = Convert.ToBase64String(RequestCodec.Encode(request));
        using var answer = await server.Gateway.PostAsync("/v1/leases", TestServer.Json(
            $$"""{"edge":"{{edge:x16}}","reserves":{"{{bucket}}":"{{text}}"} }"""));
        var one = (await TestServer.ReadAsync(answer)).GetProperty("reserves").GetProperty(bucket);
        return one.TryGetProperty("reply", out var reply)
            ? (ReplyCodec.Decode(reply.GetBytesFromBase64()), null)
            : (null, one.GetProperty("code").GetString());
    }

    public async Task<JsonElement> PostAsync(string body)
    {
        using var answer = await server.Gateway.PostAsync("/v1/leases", TestServer.Json(body));
        return await TestServer.ReadAsync(answer);
    }

    public Instant Now => Instant.From(server.Clock.GetUtcNow());
}
