using Azure.Core.Pipeline;
using Limiter.Azurite;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Tenants;

namespace Limiter.Tables.Tests.Tenants;

/// <summary>What is told of changes when the service fails or the process dies in the middle of one.</summary>
public sealed class ChangeFaultTests(AzuriteServer azurite) : IDisposable
{
    private readonly string _prefix = AzuriteServer.NewName();
    private readonly Faults _faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TenantId Acme => Records.Tenant("acme");

    public void Dispose() => _faults.Dispose();

    [Fact]
    public async Task No_change_is_made_untold_wherever_the_process_dies()
    {
        for (var crash = 1; ; crash++)
        {
            var directory = Open(retries: 0);
            var left = crash;
            _faults.Decide = _ => --left < 0 ? Fault.NotSent : null;
            var done = await TryAsync(directory);
            _faults.Decide = _ => null;
            var (told, why) = (await ToldAsync(directory), $"after request {crash}");
            var tenant = await directory.FindTenantAsync(Acme, Cancellation);
            var key = tenant is null ? null : await directory.FindKeyAsync(Acme, First.Key, Cancellation);
            if (tenant is not null) told.ShouldContain(ChangeKind.Created, why);
            if (tenant?.Plan == "other") told.ShouldContain(ChangeKind.Plan, why);
            if (key is not null) told.ShouldContain(ChangeKind.KeyMinted, why);
            if (key?.Hash == Second.Hash) told.ShouldContain(ChangeKind.KeyRotated, why);
            var opens = await directory.FindCredentialAsync(Second.Hash, Cancellation) is not null;
            if (key?.Hash == Second.Hash && !opens) told.ShouldContain(
                kind => kind == ChangeKind.KeyRevoked || kind == ChangeKind.Removed, why);
            if (told.Contains(ChangeKind.KeyRotated) && key is null && tenant is not null)
                told.ShouldContain(ChangeKind.KeyRevoked, why);
            if (told.Contains(ChangeKind.Plan) && tenant is null) told.ShouldContain(ChangeKind.Removed, why);
            if (done) break;
            crash.ShouldBeLessThan(150);
            await directory.RemoveTenantAsync(Acme, null, null, Cancellation);
            await Rows.ForgetChangesAsync(azurite, _prefix);
        }
    }

    [Fact]
    public async Task A_change_whose_answers_are_lost_is_told_once()
    {
        var directory = Open(retries: 2);
        await directory.FindTenantAsync(Acme, Cancellation);
        var lost = new HashSet<string>();
        _faults.Decide = request => request.Method != HttpMethod.Get
            && lost.Add(request.Headers.GetValues("x-ms-client-request-id").Single()) ? Fault.AnswerLost : null;
        (await TryAsync(directory)).ShouldBeTrue();
        lost.Count.ShouldBeGreaterThan(10);
        (await ToldAsync(directory)).ShouldBe(
        [
            ChangeKind.Removed, ChangeKind.KeyRevoked, ChangeKind.KeyRotated, ChangeKind.KeyMinted, ChangeKind.Plan,
            ChangeKind.Created,
        ]);
    }

    private static KeyRecord First => Records.Key("acme", "k");

    private static KeyRecord Second => First with
    {
        Hash = Records.Hash("second"),
        Retiring = new RetiringSecret(First.Hash, Instant.Never),
    };

    private static async Task<bool> TryAsync(TablesDirectory directory)
    {
        try
        {
            var saved = (await directory.SaveTenantAsync(
                Records.Unsaved("acme"), Change(ChangeKind.Created), Cancellation)).ShouldNotBeNull();
            await directory.SaveTenantAsync(saved with { Plan = "other" }, Change(ChangeKind.Plan), Cancellation);
            await directory.AddKeyAsync(First, Change(ChangeKind.KeyMinted), Cancellation);
            (await directory.ReplaceKeyAsync(First, Second, Change(ChangeKind.KeyRotated), Cancellation))
                .ShouldBe(KeyReplacement.Replaced);
            await directory.RemoveKeyAsync(Acme, First.Key, Change(ChangeKind.KeyRevoked), Cancellation);
            await directory.RemoveTenantAsync(Acme, null, Change(ChangeKind.Removed), Cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static async Task<List<ChangeKind>> ToldAsync(TablesDirectory directory) =>
    [
        .. (await directory.ListChangesAsync(Acme, null, default, 100, Cancellation)).Select(change => change.What),
    ];

    private static ChangeRecord Change(ChangeKind what) =>
        new(Acme, what, "", new Instant(1_767_225_600_000), "admin", "");

    private TablesDirectory Open(int retries) => TablesStore.Open(
        azurite.ConnectionString,
        new TablesStoreOptions
        {
            Prefix = _prefix,
            RetriesMax = retries,
            AttemptTimeout = TimeSpan.FromSeconds(1),
            Transport = new HttpClientTransport(_faults),
        },
        TimeProvider.System).Directory;
}
