using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Sessions as the application opens them, which may write only if they ask for it (<c>default_transaction_read_only</c>).</summary>
static class ReadOnlySessions
{
    // Of everything that ALTER ROLE and ALTER DATABASE have said about us here; the most particular first.
    const string Where =
        """
        SELECT CASE WHEN r.oid IS NULL AND d.oid IS NULL THEN 'ALTER ROLE ALL'
                    WHEN r.oid IS NULL THEN pg_catalog.format('ALTER DATABASE %I', d.datname)
                    WHEN d.oid IS NULL THEN pg_catalog.format('ALTER ROLE %I', r.rolname)
                    ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', r.rolname, d.datname) END
          FROM pg_catalog.pg_db_role_setting s
          LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
          LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
         WHERE (s.setrole = 0 OR r.rolname = session_user) AND (s.setdatabase = 0 OR d.datname = pg_catalog.current_database())
           AND EXISTS (SELECT FROM pg_catalog.unnest(s.setconfig) AS c (setting)
                        WHERE CASE WHEN c.setting LIKE 'default\_transaction\_read\_only=%' THEN pg_catalog.split_part(c.setting, '=', 2)::boolean END)
         ORDER BY s.setrole = 0, s.setdatabase = 0
        """;

    /// <summary>What takes it back, where it was said; null where sessions may write.</summary>
    public static async Task<string?> FixAsync(CheckedServer server, CancellationToken ct)
    {
        await using var plain = await server.Server.OpenPlainAsync(ct);
        if (await plain.QueryValueAsync<string>("SHOW default_transaction_read_only", ct) != "on")
            return null;
        var said = await plain.QueryAsync(Where, row => $"{row.GetString(0)} RESET default_transaction_read_only;", ct);
        return said.Count > 0 ? string.Join('\n', said.Prepend("SET default_transaction_read_only = off;  -- for this session, which could not say the rest otherwise")) : server.Provider.Set("default_transaction_read_only", "off", restarts: false);
    }
}
