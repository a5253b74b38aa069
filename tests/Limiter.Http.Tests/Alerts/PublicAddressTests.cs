using System.Net;
using Limiter.Http.Alerts;

namespace Limiter.Http.Tests.Alerts;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:93.184.216.34")]
    public void An_address_of_the_internet_is_public(string address) =>
        PublicAddress.Is(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.9")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("3fff::1")]
    public void All_others_are_not_in_whatever_form(string address) =>
        PublicAddress.Is(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("https://example.com/hook", null)]
    [InlineData("http://example.com/hook", "an https address: plain http is not allowed here")]
    [InlineData("ftp://example.com/", "an https address")]
    [InlineData("hook", "an https address")]
    [InlineData("/hook", "an https address")]
    [InlineData("https://user:pass@example.com/", "an address without a user name: deliveries are signed instead")]
    [InlineData("https://example.com/#x", "an address without a fragment")]
    public void An_address_that_no_webhook_can_have_is_told(string text, string? must) =>
        new WebhookTargets(false).TryParse(text, out _).ShouldBe(must);

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public async Task A_literal_that_is_not_public_is_refused_however_it_is_spelt(string text)
    {
        var targets = new WebhookTargets(false, static (_, _) => Task.FromResult<IPAddress[]>([]));
        targets.TryParse(text, out var target).ShouldBeNull();
        (await targets.RefuseAsync(target, default)).ShouldNotBeNull();
        (await new WebhookTargets(true).RefuseAsync(target, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_name_that_means_nothing_is_refused()
    {
        var targets = new WebhookTargets(false, static (_, _) =>
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
        (await targets.RefuseAsync(new Uri("https://nothing.example/"), default))
            .ShouldBe("at a host whose name can be looked up");
    }

    [Theory]
    [InlineData(null, false, new[] { 80, 100 })]
    [InlineData("none", true, new int[0])]
    [InlineData("100, 50,80", false, new[] { 50, 80, 100 })]
    public void A_setting_makes_the_rule_for_all(string? thresholds, bool summary, int[] expected)
    {
        var rule = AlertingOptions.TryRule(thresholds, summary).ShouldNotBeNull();
        rule.Thresholds.ShouldBe(expected);
        rule.Summary.ShouldBe(summary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("80,80")]
    [InlineData("80%")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11")]
    public void A_setting_that_is_no_list_of_thresholds_makes_none(string thresholds) =>
        AlertingOptions.TryRule(thresholds, false).ShouldBeNull();
}
