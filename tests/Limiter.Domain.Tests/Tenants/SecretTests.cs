using Limiter.Domain.Tenants;

namespace Limiter.Domain.Tests.Tenants;

public class SecretTests
{
    // Computed with Python: zlib.crc32 over the text before the last six characters, in base 62.
    private const string Zeros = "lk_live_0000000000000000000000000000000000000000000";

    [Theory]
    [InlineData(KeyKind.Live, "lk_live_")]
    [InlineData(KeyKind.Test, "lk_test_")]
    public void A_secret_has_the_prefix_of_its_kind_256_bits_and_a_checksum(KeyKind kind, string prefix)
    {
        var seen = new HashSet<string>();
        var random = new Random(7);
        var bytes = new byte[Secret.RandomBytes];
        for (var i = 0; i < 1_000; i++)
        {
            random.NextBytes(bytes);
            var secret = Secret.Write(kind, bytes);
            secret.ShouldStartWith(prefix);
            secret.Length.ShouldBe(Secret.Length);
            secret[3..].Replace("_", "", StringComparison.Ordinal).ShouldAllBe(c => char.IsAsciiLetterOrDigit(c));
            Secret.IsMisspelt(secret).ShouldBeFalse();
            seen.Add(secret).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_checksum_is_the_crc_32_that_every_language_has()
    {
        Secret.Write(KeyKind.Live, new byte[Secret.RandomBytes]).ShouldBe(Zeros + "3QjUmf");
        var ones = Secret.Write(KeyKind.Test, Enumerable.Repeat((byte)255, Secret.RandomBytes).ToArray());
        ones.ShouldBe("lk_test_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp10AyO7N");
    }

    [Fact]
    public void Any_one_wrong_character_and_any_two_exchanged_are_noticed()
    {
        var bytes = new byte[Secret.RandomBytes];
        new Random(11).NextBytes(bytes);
        var secret = Secret.Write(KeyKind.Live, bytes);
        for (var at = Secret.LivePrefix.Length; at < secret.Length; at++)
        {
            foreach (var c in "0aZ-é ")
                if (secret[at] != c) Secret.IsMisspelt(secret[..at] + c + secret[(at + 1)..]).ShouldBeTrue();
            if (at + 1 < secret.Length && secret[at] != secret[at + 1])
                Secret.IsMisspelt(secret[..at] + secret[at + 1] + secret[at] + secret[(at + 2)..]).ShouldBeTrue();
            Secret.IsMisspelt(secret.AsSpan(0, at)).ShouldBeTrue();
        }
        Secret.IsMisspelt(secret + "0").ShouldBeTrue();
        Secret.IsMisspelt(Secret.TestPrefix + secret[Secret.LivePrefix.Length..]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("lk_")]
    [InlineData("lk_live")]
    [InlineData("LK_LIVE_x")]
    [InlineData("sk_live_4eC39HqLyjWDarjtT1zdp7dc")]
    [InlineData("lk_0123456789012345678901234567890123456789012")]
    public void Nothing_is_said_of_texts_that_are_not_of_our_form(string text) =>
        Secret.IsMisspelt(text).ShouldBeFalse();

    [Fact]
    public void A_key_ends_at_its_expiry_and_its_old_secret_at_the_end_of_the_overlap()
    {
        TenantId.TryParse("acme", out var tenant).ShouldBeTrue();
        KeyId.TryParse("k", out var name).ShouldBeTrue();
        var (old, present) = (new CredentialHash(1, 1), new CredentialHash(2, 2));
        var key = new KeyRecord(tenant, name, "", present, default);
        key.EndOf(present).ShouldBe(Instant.Never);
        var rotated = key with { Retiring = new RetiringSecret(old, new Instant(50)) };
        (rotated.EndOf(old), rotated.EndOf(present)).ShouldBe((new Instant(50), Instant.Never));
        var ending = rotated with { ExpiresAt = new Instant(20) };
        (ending.EndOf(old), ending.EndOf(present)).ShouldBe((new Instant(20), new Instant(20)));
    }
}
