using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;

namespace Limiter.Simulation.Tests.Issues;

/// <summary>Worlds that showed a bug once, and what it was.</summary>
public sealed class FoundWorldTests
{
    [Theory]
    [InlineData("lms", 76, "Two leases ended between two requests; the second's report took the first's place.")]
    [InlineData("waqti", 120, "The same, seen in a day's quota.")]
    [InlineData("bad-network", 195, "A lost reply's grant was never given back when no request followed.")]
    [InlineData("bad-network", 384, "The same, seen in a day's quota.")]
    [InlineData("everything", 96, "The same, among other troubles.")]
    [InlineData("remote", 20, "A save of usage that had no answer came after the next one and put its row back.")]
    [InlineData("remote", 65, "The same, for several tenants.")]
    [InlineData("bad-network", 10044, "A lease in debt was prolonged as long as its edge went on renewing it.")]
    [InlineData("bad-network", 13887, "The same, in a fixed window.")]
    [InlineData("stores", 13974, "A refund was dated by the latest of several clocks, and outlasted its spending.")]
    [InlineData("bad-network", 13614, "A late copy of a denied request was granted, spent at once, and not counted.")]
    [InlineData("stores", 201609, "A new holder's debt was taken for the one that an earlier holder had told of.")]
    [InlineData("everything", 202452, "A report that returned nothing forgave a debt when the number had been raised.")]
    [InlineData("clocks", 202532, "After a step back and forth a spending was dated after its lease.")]
    [InlineData("clocks", 206228, "The same, by half a minute.")]
    [InlineData("clocks", 40391, "The same, where several buckets count a request.")]
    [InlineData("stores", 202638, "A refund was expected of a bucket that began to count after the time it names.")]
    [InlineData("stores", 204234, "The same, three times.")]
    [InlineData("everything", 15111, "The same, among other troubles.")]
    [InlineData("clocks", 500060, "A host whose clock was ahead showed the window to be over, and its lease went on.")]
    [InlineData("clocks", 506612, "The same, by three tokens.")]
    [InlineData("charges", 506783, "The auditor dated a refund by the repetition of a check, not by the check.")]
    [InlineData("charges", 504704, "The auditor forgot a correction that a bucket took after it had been full.")]
    [InlineData("bad-network", 800106, "A lease in debt was prolonged by a grant of another limit.")]
    [InlineData("stores", 602373, "A look was told to have granted; a lost reply's grant was taken for received.")]
    [InlineData("stores", 801495, "The same, beside leases that were really lost.")]
    [InlineData("stores", 808740, "The same, by 19 tokens.")]
    [InlineData("charges", 801539, "A refund gave a token bucket back what would have spilled without the cost.")]
    [InlineData("charges", 602690, "The same, by one token, and with reports that came late.")]
    [InlineData("remote-everything", 2104169, "A copy of a save came after the next one and put the older row back.")]
    [InlineData("remote-everything", 2005729, "The same, of a row that had counted a correction alone.")]
    [InlineData("crowd", 2003926, "What a bucket with too many edges spent at once stayed charged on a denial.")]
    [InlineData("everything", 2103707, "A debt was to shrink by a number that no request had told the bucket of.")]
    [InlineData("remote-everything", 3000081, "A replaced host told an edge that looked that it had heard of a loss.")]
    [InlineData("everything", 3000090, "The auditor took a lost exact grant for one that was spent at the same time.")]
    [InlineData("stores", 3000105, "The same.")]
    [InlineData("everything", 4005600, "After an outage of the register one asked it, others went by an old number.")]
    [InlineData("terms", 4104521, "The same.")]
    [InlineData("stores", 7400027, "What an outage had admitted was given back to a window that had not paid for it.")]
    [InlineData("stores", 7400031, "The same, of a sliding window.")]
    [InlineData("remote-everything", 9109095, "A copy of a denied request was granted before the denial arrived.")]
    [InlineData("charges", 900398, "The world ended while an edge had failed three times to save what it counted.")]
    public void A_world_that_showed_a_bug_is_clean_now(string scenario, ulong seed, string bug)
    {
        var result = new World(Catalogue.Find(scenario), seed).Run();
        result.IsClean.ShouldBeTrue($"{bug} {result}");
    }
}
