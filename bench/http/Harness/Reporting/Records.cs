namespace Harness.Reporting;

/// <summary>One round of one contender under one workload.</summary>
/// <param name="CpuMicroseconds">Processor time of all its processes, by request.</param>
/// <param name="ServerBusy">How much of its core they used, 0 to 1.</param>
/// <param name="LoadCoreBusy">How much of the load's core was in use, upstream included, 0 to 1.</param>
/// <param name="DeniedShare">Of all answers, those that were not 2xx.</param>
/// <param name="Failed">Requests without an answer.</param>
internal sealed record Round(
    string Family, string Workload, string Contender, int Number, double RequestsPerSecond, long P50, long P99, long P999,
    long Most, double CpuMicroseconds, double ServerBusy, double LoadCoreBusy, double DeniedShare, long Failed);

/// <summary>Memory of a contender after its last round.</summary>
internal sealed record Memory(string Family, string Workload, string Contender, double MebiBytes);

/// <summary>That a contender admits the number that it was given, and then denies.</summary>
internal sealed record Proof(
    string Contender, string Family, int PoorAsked, int PoorAllowed, int PoorDenied, int RichAsked, int RichAllowed);

/// <summary>Where and how it was measured.</summary>
internal sealed record Conditions(
    string At, string Processor, int Cores, double LoadBefore, int Rounds, int Seconds, IReadOnlyList<string> Versions);

/// <summary>All of a run.</summary>
internal sealed record Results(
    Conditions Conditions, List<Proof> Proofs, List<Round> Rounds, List<Memory> Memory);
