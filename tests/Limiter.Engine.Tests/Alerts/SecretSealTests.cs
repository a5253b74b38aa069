using Limiter.Engine.Alerts;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>How the secrets of webhooks are kept.</summary>
public sealed class SecretSealTests
{
    [Fact]
    public void A_secret_is_opened_by_its_own_tenant_and_store_only()
    {
        using var seal = new SecretSeal(new byte[32]);
        using var other = new SecretSeal([.. Enumerable.Repeat((byte)1, 32)]);
        var box = seal.Seal(Edges.Tenant("acme"), "a secret of some length");
        seal.Open(Edges.Tenant("acme"), box).ShouldBe("a secret of some length");
        seal.Open(Edges.Tenant("globex"), box).ShouldBeNull();
        other.Open(Edges.Tenant("acme"), box).ShouldBeNull();
        seal.Open(Edges.Tenant("acme"), box.SetItem(15, (byte)(box[15] ^ 1))).ShouldBeNull();
        seal.Open(Edges.Tenant("acme"), []).ShouldBeNull();
        System.Text.Encoding.Latin1.GetString(box.AsSpan()).ShouldNotContain("secret");
        seal.Seal(Edges.Tenant("acme"), "a secret of some length").ShouldNotBe(box);
    }

    [Fact]
    public void Secrets_are_sealed_and_opened_on_many_threads_at_once()
    {
        using var seal = new SecretSeal(new byte[32]);
        var wrong = 0;
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 32 }, lane =>
        {
            var (tenant, secret) = (Edges.Tenant($"t{lane}"), new string((char)('a' + lane % 26), 200 + lane));
            for (var i = 0; i < 2_000; i++)
                if (seal.Open(tenant, seal.Seal(tenant, secret)) != secret) Interlocked.Increment(ref wrong);
        });
        wrong.ShouldBe(0);
    }
}
