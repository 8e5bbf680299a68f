using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Removes what probes of a check have left that was killed. Only what bears their names, and only what no check that runs could still need.</summary>
static class Sweep
{
    // A probe waits two seconds for its slot, and none stays idle in a transaction: what is older has nobody behind it any more.
    const string Sessions =
        """
        SELECT pg_catalog.pg_terminate_backend(a.pid), pg_catalog.format('session %s%s', a.pid, ' with slot ' || s.slot_name)
          FROM pg_catalog.pg_stat_activity a
          LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = a.pid AND s.temporary
         WHERE a.datname = pg_catalog.current_database() AND a.usename = current_user AND a.application_name = 'pgbaton/check' AND a.pid <> pg_catalog.pg_backend_pid()
           AND (s.slot_name LIKE 'pgbaton\_check\_%' AND a.query_start < pg_catalog.now() - interval '5 seconds'
                OR a.state LIKE 'idle in transaction%' AND a.state_change < pg_catalog.now() - interval '1 minute')
         ORDER BY a.pid
        """;

    // Those that can be seen were committed: no probe does that, but a pooler between may.
    const string Objects =
        """
        SELECT pg_catalog.format('DROP PUBLICATION %I', p.pubname), 'publication ' || p.pubname
          FROM pg_catalog.pg_publication p WHERE p.pubname LIKE 'pgbaton\_check\_%' AND pg_catalog.pg_has_role(p.pubowner, 'USAGE')
         UNION ALL
        SELECT pg_catalog.format('DROP SCHEMA %I', n.nspname), 'schema ' || n.nspname
          FROM pg_catalog.pg_namespace n WHERE n.nspname LIKE 'pgbaton\_check\_%' AND pg_catalog.pg_has_role(n.nspowner, 'USAGE')
         UNION ALL
        SELECT pg_catalog.format('SELECT pg_catalog.pg_drop_replication_slot(%L)', s.slot_name), 'slot ' || s.slot_name
          FROM pg_catalog.pg_replication_slots s
         WHERE s.slot_name LIKE 'pgbaton\_check\_%' AND NOT s.temporary AND NOT s.active AND s.database = pg_catalog.current_database()
         ORDER BY 2
        """;

    /// <summary>What was removed, each as a person would call it. What cannot be removed is left: checks find it.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var removed = new List<string>(await connection.QueryAsync(Sessions, row => row.GetString(1), ct));
        foreach (var (command, name) in await connection.QueryAsync(Objects, row => (row.GetString(0), row.GetString(1)), ct))
        {
            try
            {
                await connection.ExecuteAsync(command, ct);
                removed.Add(name);
            }
            catch (PostgresException)
            {
                // Somebody else was faster, or has put something into it.
            }
        }

        return removed;
    }
}
