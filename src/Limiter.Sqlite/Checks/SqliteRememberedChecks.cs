using Limiter.Domain;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Checks;

/// <summary>
/// The journal of remembered checks in the store's file. See <see cref="SqliteStore.RememberedChecks"/>.
/// </summary>
public sealed class SqliteRememberedChecks : IRememberedChecks
{
    private const string Upsert = """
        INSERT INTO remembered_checks (id, fingerprint, answer, at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer, at = excluded.at
        """;
    private const string DeleteOld = """
        DELETE FROM remembered_checks
        WHERE id IN (SELECT id FROM remembered_checks WHERE at < ?1 ORDER BY at LIMIT ?2)
        """;
    private const string SelectLatest = """
        SELECT id, fingerprint, answer, at FROM remembered_checks WHERE at >= ?1 ORDER BY at DESC, id DESC LIMIT ?2
        """;

    /// <summary>Old checks that one save deletes: more than it can add, so they never pile up.</summary>
    private const int DeletedAtOnce = 4 * IRememberedChecks.SaveMax;

    private readonly StoreAccess _store;
    private readonly TimeProvider _clock;

    internal SqliteRememberedChecks(StoreAccess store, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
    }

    public async ValueTask SaveAsync(IReadOnlyList<RememberedCheck> checks, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checks.Count, IRememberedChecks.SaveMax);
        await _store.ChangeAsync(database => Save(database, checks), cancellation).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<RememberedCheck>> LoadAsync(Instant since, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IRememberedChecks.LoadMax);
        return _store.ReadAsync<IReadOnlyList<RememberedCheck>>(
            database =>
            {
                using var run = database.Start(SelectLatest).Bind(1, since.UnixMilliseconds).Bind(2, take);
                var checks = new List<RememberedCheck>();
                while (run.Step())
                    checks.Add(new RememberedCheck(
                        run.Text(0), run.Blob(1).ToArray(), run.Blob(2).ToArray(), new Instant(run.Int64(3))));
                checks.Reverse();
                return checks;
            },
            cancellation);
    }

    private int Save(Database database, IReadOnlyList<RememberedCheck> checks)
    {
        var now = Instant.From(_clock.GetUtcNow());
        foreach (var check in checks)
        {
            using var upsert = database.Start(Upsert).Bind(1, check.Id).Bind(2, check.Fingerprint)
                .Bind(3, check.Answer).Bind(4, check.At.UnixMilliseconds);
            upsert.Run();
        }
        using var delete = database.Start(DeleteOld)
            .Bind(1, now.UnixMilliseconds - IRememberedChecks.LifetimeMs).Bind(2, DeletedAtOnce);
        delete.Run();
        if (checks.Count > 0) Facts.SaveTime(database, now);
        return checks.Count;
    }
}
