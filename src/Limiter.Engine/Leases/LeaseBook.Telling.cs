using Limiter.Domain.Escrow;

namespace Limiter.Engine.Leases;

// What the bucket is told, and what it answers.
internal sealed partial class LeaseBook
{
    // What the last request told, by limit, until its reply is taken in. Null when that was nothing.
    private ToldUse[]? _told;

    /// <summary>What to tell the bucket; remembered as sent until <see cref="Receive"/>.</summary>
    public (List<LeaseReport> Reports, List<Owed> Owed) Report()
    {
        var reports = new List<LeaseReport>(2);
        var owed = new List<Owed>();
        foreach (var ended in _ended) reports.Add(ended.Report);
        var used = new List<LimitReport>();
        var hasNews = Array.Exists(_limits, limit => limit.HasReport || limit.OwedTokens > 0);
        _told = hasNews ? new ToldUse[_limits.Length] : null;
        for (var i = 0; i < _limits.Length; i++)
        {
            ref var limit = ref _limits[i];
            if (_told is not null) _told[i] = new ToldUse(limit.Spent.Total, limit.Returned, limit.OwedTokens);
            var id = Terms.Limits[i].Rule.Id;
            if (limit.HasReport) used.Add(new LimitReport(id, limit.Spent.ToReport(), limit.Returned));
            if (limit.Owed is { Tokens: > 0 } log) owed.Add(new Owed(id, log.ToReport()));
        }
        if (used.Count > 0) reports.Add(new LeaseReport(Lease.Opened, [.. used]));
        return (reports, owed);
    }

    /// <summary>Takes in the reply to the request in flight.</summary>
    public void Receive(ReserveReply reply, in EdgeTime sent, in EdgeTime received)
    {
        _ended = [];
        LastReceived = reply.Number;
        // Who asked for nothing was granted nothing: that need not be saved, and tells of no earlier grant.
        if (reply.Exact || reply.DurationMs > 0) LastGranted = reply.Number;
        _isOutdated = false;
        HasUnacknowledged = _told is not null && Array.Exists(_told, told => told.Owed > 0);
        for (var i = 0; i < _told?.Length; i++) _limits[i].Drop(_told[i]);
        _told = null;
        _clock = new BucketClock(reply.Now, sent, received.Timestamp);
        if (reply.DurationMs > 0)
        {
            if (reply.Opened != Lease.Opened) End();
            Lease = new HeldLease(reply.Opened, sent, reply.DurationMs, reply.Now);
        }
        else Lease = Lease.After(edge, _clock);
        for (var i = 0; i < _limits.Length; i++)
        {
            ref var limit = ref _limits[i];
            if (reply.DurationMs > 0) limit.Balance += reply.Limits[i].Granted;
            limit.Outlook = reply.Limits[i].Outlook;
            limit.Outlook.Spend(Terms.Limits[i].Rule, limit.Spent.Total, reply.Now);
            if (Terms.Limits[i].IsShadow)
                limit.Outlook.SpendUngranted(Terms.Limits[i].Rule, limit.OwedTokens, reply.Now);
        }
    }
}
