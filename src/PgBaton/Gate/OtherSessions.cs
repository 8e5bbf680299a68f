using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>
/// The sessions of others on the publisher. They are ended around the decision: triggers cannot stop large objects, cached values of sequences
/// and what a session has prepared before.
/// </summary>
static class OtherSessions
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(5);

    // Where the role may not look, backend_type is null. Ours are told by name and role: replication connections are no client backends.
    const string Others =
        """
          FROM pg_catalog.pg_stat_activity a
         WHERE a.datname = pg_catalog.current_database()
           AND coalesce(a.backend_type, 'client backend') = 'client backend'
           AND a.pid <> pg_catalog.pg_backend_pid()
           AND NOT (a.usename = session_user AND a.application_name LIKE 'pgbaton/%')
        """;

    const string Endable =
        """
           AND (pg_catalog.pg_has_role(a.usesysid, 'USAGE') OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'))
           AND ((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user)
                OR NOT (SELECT rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = a.usesysid))
        """;

    // A pid may be somebody else's by now. When it began is null where the role may not look.
    const string Session = "pg_catalog.concat(a.pid, ' ', a.backend_start)";

    /// <summary>
    /// Ends all that our role may end, waits until they are gone, and returns how many others are left. Who comes meanwhile is not waited for: that
    /// session began behind the gate, and a pool whose sessions are ended would keep this busy for ever.
    /// </summary>
    public static async Task<long> EndAsync(Migration migration, bool isAgain, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("sessions", ct);
        var told = await publisher.QueryAsync( // Told in the list, not in the condition, whose parts may be asked in any order.
            $"SELECT {Session}, a.xact_start IS NOT NULL, pg_catalog.pg_terminate_backend(a.pid) {Others}{Environment.NewLine}{Endable}",
            row => (Session: row.GetString(0), IsInTransaction: row.GetBoolean(1), IsTold: row.GetBoolean(2)), ct);
        if (told.Count(session => session.IsTold) is var count and > 0)
            migration.Report(new SessionsEnded(count, told.Count(session => session is { IsTold: true, IsInTransaction: true }), migration.Direction.Publisher.Name, isAgain));
        var started = migration.Time.GetTimestamp();
        while (told.Count > 0 && migration.Time.GetElapsedTime(started) < _patience && await AreThereAsync(publisher, [.. told.Select(session => session.Session)], ct))
            await Task.Delay(_interval, migration.Time, ct);
        return await publisher.QueryValueAsync<long>($"SELECT count(*) {Others}", ct);
    }

    static Task<bool> AreThereAsync(NpgsqlConnection publisher, string[] told, CancellationToken ct)
        => publisher.QueryValueAsync<bool>($"SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE {Session} = ANY ($1))", ct, (object)told);
}
