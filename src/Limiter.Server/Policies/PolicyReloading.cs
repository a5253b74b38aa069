using System.Collections.Immutable;
using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Health;
using Limiter.Http.Startup;

namespace Limiter.Server.Policies;

/// <summary>
/// Puts the policy's file in force when it has changed: whole, once it is valid. An invalid one is refused with all
/// that is wrong with it, and the one before stays.
/// </summary>
internal sealed class PolicyReloading(
    string file, Checker checker, IDirectory directory, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>Time in which a file that is being written has to stay the same to be looked at.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>Most looks at a file that changes all the while.</summary>
    private const int LooksMax = 10;

    private readonly SemaphoreSlim _one = new(1, 1);

    // What was refused last, so that one change is told of once.
    private string _refused = "";
    private ReloadFailure? _failure;

    /// <summary>The policy's file.</summary>
    public string File => file;

    /// <summary>Why the file is not in force; null when it is.</summary>
    public ReloadFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>Looks at the file.</summary>
    /// <param name="isAsked">Whether somebody asked: then it is not waited for, and refused as often.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ReloadOutcome> RunAsync(bool isAsked, CancellationToken cancellation)
    {
        if (!isAsked) await SettleAsync(cancellation).ConfigureAwait(false);
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (isAsked) _refused = "";
            return await LookAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    // Not everybody renames: a file may be read while it is written, and be right a moment later.
    private async Task SettleAsync(CancellationToken cancellation)
    {
        var before = TryRead(out var bytes, out _) && IsNews(bytes) ? DigestOf(bytes) : null;
        for (var looks = 1; before is not null && looks < LooksMax; looks++)
        {
            await Task.Delay(Quiet, TimeProvider.System, cancellation).ConfigureAwait(false);
            var digest = TryRead(out bytes, out _) ? DigestOf(bytes) : null;
            if (digest == before) return;
            before = digest;
        }
    }

    private bool TryRead(out ReadOnlyMemory<byte> bytes, out string error)
    {
        (bytes, error) = (default, "");
        try
        {
            bytes = PolicySource.ReadAtMost(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            return false;
        }
    }

    private async Task<ReloadOutcome> LookAsync(CancellationToken cancellation)
    {
        if (!TryRead(out var bytes, out var unreadable))
            return Refuse(unreadable, [$"{file}: cannot be read: {unreadable}"]);
        if (IsInForce(bytes))
        {
            (_refused, _failure) = ("", null);
            return ReloadOutcome.Unchanged;
        }
        return PolicySource.TryCompile(file, bytes, out var policy, out var errors)
            ? await AdoptAsync(policy, cancellation).ConfigureAwait(false)
            : Refuse(DigestOf(bytes), errors);
    }

    private async Task<ReloadOutcome> AdoptAsync(Policy policy, CancellationToken cancellation)
    {
        long generation;
        try
        {
            generation = await directory.PolicyGenerationAsync(policy.Digest.AsMemory(), cancellation)
                .ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            // The next look tries again; what is wrong is not the file.
            return Refuse(e.Message, [$"{file}: the store cannot be reached: {e.Message}"]);
        }
        var before = checker.Policy.Policy;
        if (!checker.Adopt(new PolicyInForce(policy, generation, Now())))
            return Refuse(DigestOf(policy), [$"{file}: another policy came into force after it"]);
        (_refused, _failure) = ("", null);
        Log.Adopted(logger, policy.Name, generation);
        var gone = before.Plans.Where(plan => policy.FindPlan(plan.Name) is null).Select(plan => plan.Name).ToArray();
        if (gone.Length > 0) Log.PlansGone(logger, string.Join(", ", gone));
        return ReloadOutcome.Adopted;
    }

    private ReloadOutcome Refuse(string what, ImmutableArray<string> errors)
    {
        if (what == _refused) return ReloadOutcome.Refused;
        _refused = what;
        Volatile.Write(ref _failure, new ReloadFailure(Now(), errors.Length));
        Log.Refused(logger, errors.Length, checker.Policy.Generation);
        foreach (var error in errors) Log.RefusedBecause(logger, error);
        return ReloadOutcome.Refused;
    }

    private bool IsNews(ReadOnlyMemory<byte> bytes) => !IsInForce(bytes) && DigestOf(bytes) != _refused;

    private bool IsInForce(ReadOnlyMemory<byte> bytes) => DigestOf(bytes) == DigestOf(checker.Policy.Policy);

    private static string DigestOf(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes.Span));

    private static string DigestOf(Policy policy) => Convert.ToHexString(policy.Digest.AsSpan());

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
