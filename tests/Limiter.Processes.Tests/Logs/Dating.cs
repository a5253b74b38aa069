namespace Limiter.Processes.Tests.Logs;

/// <summary>By which time the auditor judges the admissions of a log.</summary>
internal enum Dating
{
    /// <summary>
    /// The bucket's own, as the processes tell it: exact, as they would have to be. One outside of what the client saw
    /// is itself a finding.
    /// </summary>
    Bucket,

    /// <summary>
    /// The client's, whatever the processes say: an admission lies between sending and receiving, so it counts only in
    /// windows and intervals that hold all of that.
    /// </summary>
    Client,

    /// <summary>The window that the answer says will end. Fixed windows and calendar quotas only.</summary>
    ToldReset,
}
