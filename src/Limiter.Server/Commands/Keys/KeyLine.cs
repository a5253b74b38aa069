using System.Security.Cryptography;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;

namespace Limiter.Server.Commands.Keys;

/// <summary>A key of a file.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="key">Its public name.</param>
/// <param name="name">What it is for.</param>
/// <param name="hash">The SHA-256 of its secret, in lower-case hexadecimal digits.</param>
/// <param name="expires">When it ends; null for never.</param>
internal sealed class KeyLine(string tenant, string key, string name, string hash, string? expires) : ImportLine
{
    public override async Task<LineOutcome> ApplyAsync(PatientClient server, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Post, Paths.Keys(tenant)).With(json =>
        {
            json.WriteString("name", name);
            json.WriteString("key", key);
            json.WriteString("sha256", hash);
            if (expires is not null) json.WriteString("expiresAt", expires);
        });
        var answer = await server.SendAsync(call, cancellation).ConfigureAwait(false);
        if (answer.Status == 201) return new LineOutcome(LineResult.Added);
        if (answer.Code != "key_exists") return LineOutcome.Failed(answer);
        var found = await FindAsync(server, cancellation).ConfigureAwait(false);
        return found.Result == LineResult.Added
            ? LineOutcome.Failed("the secret is another key's already")
            : found;
    }

    public override async Task<LineOutcome> PreviewAsync(PatientClient server, CancellationToken cancellation)
    {
        var found = await FindAsync(server, cancellation).ConfigureAwait(false);
        if (found.Result != LineResult.Added) return found;
        // The key is not there; it can be added only where its tenant is.
        var call = new Call(HttpMethod.Get, Paths.Tenant(tenant) + "?limit=1");
        var answer = await server.SendAsync(call, cancellation).ConfigureAwait(false);
        return answer.IsSuccess ? found : LineOutcome.Failed(answer);
    }

    /// <summary>
    /// Whether the key is there already; then it must be this one. The server never tells a hash, but a key's tag is
    /// made of it.
    /// </summary>
    private async Task<LineOutcome> FindAsync(PatientClient server, CancellationToken cancellation)
    {
        var answer = await server.SendAsync(new Call(HttpMethod.Get, Paths.Key(tenant, key)), cancellation)
            .ConfigureAwait(false);
        if (answer.Code is "unknown_key" or "unknown_tenant") return new LineOutcome(LineResult.Added);
        if (!answer.IsSuccess) return LineOutcome.Failed(answer);
        if (answer.ETag != Tag()) return LineOutcome.Failed($"the key {key} is there with another secret");
        return answer.Body.Text("expiresAt") == (expires ?? "")
            ? new LineOutcome(LineResult.Present)
            : LineOutcome.Failed($"the key {key} is there with another end: {End(answer)}");
    }

    private static string End(Answer answer) => answer.Body.Text("expiresAt") is { Length: > 0 } end ? end : "never";

    private string Tag()
    {
        var digest = SHA256.HashData(Convert.FromHexString(hash));
        return $"\"{Convert.ToHexStringLower(digest.AsSpan(0, 8))}\"";
    }
}
