using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Sequences;

/// <summary>
/// Keeps nextval and setval waiting on the source, superusers included: an ALTER SEQUENCE that sets what is set already and is never
/// committed. Reading a sequence goes on; rolling back leaves no trace.
/// </summary>
static class HeldSequences
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Holds those that our role may alter, until the savepoint it sets is rolled back to.</summary>
    /// <exception cref="MigrationException">PB0712.</exception>
    public static async Task HoldAsync(NpgsqlConnection session, IEnumerable<Sequence> sequences, CancellationToken ct)
    {
        var ours = sequences.Where(sequence => sequence.IsOurs).ToList();
        await session.ExecuteAsync("SAVEPOINT sequences", ct);
        if (ours.Count == 0)
            return;
        var commands = string.Join('\n', ours.Select(s => $"ALTER SEQUENCE {s.QualifiedName} CACHE {s.Cache};"));
        try
        {
            await session.ExecuteAsync($"SET LOCAL lock_timeout = {_patience.TotalMilliseconds:0}", ct);
            await session.ExecuteAsync($"DO {Sql.Literal($"BEGIN {commands} END")}", ct); // One round trip, however many.
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await ReleaseAsync(session, ct);
            throw await LockedAsync(session, ours, ct);
        }
    }

    public static Task ReleaseAsync(NpgsqlConnection session, CancellationToken ct) => session.ExecuteAsync("ROLLBACK TO SAVEPOINT sequences", ct);

    static async Task<MigrationException> LockedAsync(NpgsqlConnection session, List<Sequence> ours, CancellationToken ct)
    {
        var locks = await session.QueryAsync(
            """
            SELECT l.relation, coalesce('session ' || l.pid, 'a prepared transaction')
              FROM pg_catalog.pg_locks l
             WHERE l.relation = ANY ($1::oid[]) AND l.granted AND l.mode <> 'AccessShareLock'
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            """,
            row => (Oid: row.GetFieldValue<uint>(0), Who: row.GetString(1)), ct, ours.Select(s => s.Oid).ToArray());
        var first = ours.Find(s => locks.Exists(l => l.Oid == s.Oid)) ?? ours[0];
        return Errors.SequenceLocked(
            first.QualifiedName, locks.Count == 0 ? "none any more" : string.Join(", ", locks.Where(l => l.Oid == first.Oid).Select(l => l.Who)));
    }
}
