using Limiter.Domain;
using Limiter.Domain.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>Who makes a change, and when: the operator's key, and who says to be using it.</summary>
internal sealed class Author
{
    public const string Header = "X-Limiter-Actor";

    // Changes are the admin key's alone; the gate has asked for it.
    private const string Admin = "admin";

    private readonly string _actor;

    private Author(string actor, Instant now) => (_actor, Now) = (actor, now);

    public Instant Now { get; }

    /// <summary>
    /// The header's text is cut to <see cref="ChangeRecord.ActorLengthMax"/>, and whatever is not printable ASCII
    /// becomes a question mark: it ends up in logs and tables that nobody reads with suspicion.
    /// </summary>
    public static Author Of(HttpRequest request, TimeProvider clock)
    {
        var said = request.Headers[Header].ToString().AsSpan().Trim();
        if (said.Length > ChangeRecord.ActorLengthMax) said = said[..ChangeRecord.ActorLengthMax];
        var actor = string.Create(said.Length, said, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        });
        return new Author(actor, Instant.From(clock.GetUtcNow()));
    }

    public ChangeRecord Tell(TenantId tenant, ChangeKind what, string subject = "") =>
        new(tenant, what, subject, Now, Admin, _actor);
}
