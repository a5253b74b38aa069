using System.Buffers;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Http.Checks;

namespace Limiter.Http.Tests.Checks;

public sealed class CheckIdTests
{
    private static readonly CheckIds Ids = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void An_id_reads_back_as_what_was_admitted()
    {
        var admitted = Admitted("acme", "k1", "2001:db8::");
        Ids.TryRead(Write(Ids, admitted), out var read).ShouldBe(CheckIdReading.Genuine);
        read.ShouldBe(admitted);
    }

    [Fact]
    public void An_id_tells_what_was_admitted_without_a_grant()
    {
        var admitted = Admitted("acme", "k1", null) with { IsDegraded = true };
        Ids.TryRead(Write(Ids, admitted), out var read).ShouldBe(CheckIdReading.Genuine);
        read.ShouldBe(admitted);
    }

    [Fact]
    public void An_anonymous_admission_reads_back_without_tenant_and_key()
    {
        var admitted = Admitted(null, null, "203.0.113.9");
        Ids.TryRead(Write(Ids, admitted), out var read).ShouldBe(CheckIdReading.Genuine);
        read.ShouldBe(admitted);
        read.Key.IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Another_character_anywhere_makes_it_forged_or_no_id()
    {
        var id = Write(Ids, Admitted("acme", "k1", null));
        for (var i = 0; i < id.Length; i++)
        {
            var changed = id.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Ids.TryRead(changed, out _).ShouldNotBe(CheckIdReading.Genuine, $"character {i}");
        }
    }

    [Fact]
    public void Another_directory_s_id_is_forged()
    {
        using var others = new CheckIds(new byte[32]);
        Ids.TryRead(Write(others, Admitted("acme", null, null)), out _).ShouldBe(CheckIdReading.Forged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not an id")]
    [InlineData("AAAA")]
    [InlineData("====")]
    public void What_is_no_id_is_malformed(string text) =>
        Ids.TryRead(text, out _).ShouldBe(CheckIdReading.Malformed);

    [Fact]
    public void An_id_that_is_too_long_is_malformed() =>
        Ids.TryRead(new string('A', CheckIds.LengthMax + 1), out _).ShouldBe(CheckIdReading.Malformed);

    private static string Write(CheckIds ids, in AdmittedCheck admitted)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ids.Write(admitted, buffer);
        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    private static AdmittedCheck Admitted(string? tenantName, string? keyName, string? address)
    {
        TenantId.TryParse(tenantName, out var tenant).ShouldBe(tenantName is not null);
        KeyId.TryParse(keyName, out var key).ShouldBe(keyName is not null);
        return new AdmittedCheck(
            ulong.MaxValue, new Instant(1_767_225_600_123), 7, tenant, key, address, "write", "POST /contacts/{id}",
            "tenant:@day,minute;key:@day,hour", address is null ? null : new Instant(1_767_225_630_000));
    }
}
