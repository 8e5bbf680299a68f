namespace PgBaton.Faults;

/// <summary>What a migration might leave behind on a server.</summary>
/// <param name="Schema">pg_dump's, with replica identities and triggers.</param>
/// <param name="Objects">Slots, publications, subscriptions, roles, schemas and triggers of ours.</param>
/// <param name="Settings">Of the database.</param>
sealed record CatalogState(string Schema, string Objects, string Settings)
{
    public static async Task<CatalogState> ReadAsync(TestDatabase database)
        => new(
            await SchemaOracle.ReadAsync(database),
            await database.QueryAsync<string>(
                """
                SELECT concat_ws(E'\n',
                    (SELECT string_agg('slot ' || slot_name, E'\n' ORDER BY slot_name) FROM pg_replication_slots WHERE database = current_database()),
                    (SELECT string_agg('publication ' || pubname, E'\n' ORDER BY pubname) FROM pg_publication),
                    (SELECT string_agg('subscription ' || subname, E'\n' ORDER BY subname) FROM pg_subscription),
                    (SELECT string_agg('role ' || rolname, E'\n' ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_'),
                    (SELECT string_agg('schema ' || nspname, E'\n' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_'),
                    (SELECT string_agg('trigger ' || tgname || ' on ' || tgrelid::regclass, E'\n' ORDER BY tgname, tgrelid) FROM pg_trigger WHERE NOT tgisinternal),
                    (SELECT string_agg('identity of ' || oid::regclass || ' ' || relreplident::text, E'\n' ORDER BY oid::regclass::text) FROM pg_class
                      WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace),
                    (SELECT string_agg('prepared ' || gid, E'\n' ORDER BY gid) FROM pg_prepared_xacts WHERE database = current_database()))
                """),
            await database.QueryAsync<string>(
                """
                SELECT coalesce(string_agg(setting, E'\n' ORDER BY setting), '')
                  FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
                 WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
                """));

    /// <summary>For the target, which was empty before.</summary>
    public static async Task ProveNothingOfOursAsync(TestDatabase database)
        => Assert.Equal("", await database.QueryAsync<string>(
            """
            SELECT concat_ws(E'\n',
                (SELECT string_agg('slot ' || slot_name, E'\n') FROM pg_replication_slots WHERE database = current_database()),
                (SELECT string_agg('publication ' || pubname, E'\n') FROM pg_publication),
                (SELECT string_agg('schema ' || nspname, E'\n') FROM pg_namespace WHERE nspname LIKE 'pgbaton%'),
                (SELECT string_agg('trigger ' || tgname || ' on ' || tgrelid::regclass, E'\n') FROM pg_trigger WHERE tgname LIKE 'pgbaton%'),
                (SELECT string_agg('session ' || pid || ' ' || application_name, E'\n') FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name LIKE 'pgbaton/%'))
            """));
}
