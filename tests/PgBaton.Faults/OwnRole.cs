namespace PgBaton.Faults;

/// <summary>A role that owns both databases and may do what its attributes say: as such pgbaton can lose a right, a password, its connections.</summary>
static class OwnRole
{
    public static async Task<string> MakeAsync(ServerPair pair, TestDatabase source, TestDatabase target, string attributes)
    {
        var role = $"mover_{source.Name}";
        foreach (var (server, database) in new[] { (pair.Source, source), (pair.Target, target) })
        {
            await server.ExecuteAsync($"CREATE ROLE {role} LOGIN {attributes}");
            await database.ExecuteAsync(
                $$"""
                ALTER DATABASE {{database.Name}} OWNER TO {{role}};
                ALTER SCHEMA public OWNER TO {{role}};
                DO $do$ DECLARE t regclass; BEGIN
                    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
                        EXECUTE format('ALTER TABLE %s OWNER TO {{role}}', t);
                    END LOOP;
                END $do$
                """);
        }

        return role;
    }

    /// <summary>After the databases are gone.</summary>
    public static async Task DropAsync(ServerPair pair, string role)
    {
        await pair.Source.ExecuteAsync($"DROP ROLE IF EXISTS {role}");
        await pair.Target.ExecuteAsync($"DROP ROLE IF EXISTS {role}");
    }
}
