using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>The triggers <c>pgbaton_gate</c>: one on each table, partitioned table, partition and child.</summary>
static class GateTriggers
{
    const string Name = "pgbaton_gate";

    /// <summary>The names, quoted, of the tables in scope that a writer could still write around the gate.</summary>
    public static async Task<List<string>> MissingAsync(NpgsqlConnection connection, MigrationOptions options, CancellationToken ct)
    {
        var armed = (await connection.QueryAsync(
            $"""
            SELECT tgrelid FROM pg_catalog.pg_trigger
             WHERE tgname = '{Name}' AND tgenabled = 'A' AND tgfoid = 'pgbaton.gate()'::pg_catalog.regprocedure
            """,
            row => row.GetFieldValue<uint>(0), ct)).ToHashSet();
        var scope = new Scope(options);
        return [.. (await Table.ListAsync(connection, ct)).Where(table => scope.Includes(table) && !armed.Contains(table.Oid)).Select(table => table.QualifiedName)];
    }

    /// <summary>Arms them, on a side that is the writer. A table may be made while others are armed.</summary>
    /// <exception cref="MigrationException">PB0705.</exception>
    public static async Task ArmMissingAsync(NpgsqlConnection publisher, Migration migration, CancellationToken ct)
    {
        while (await MissingAsync(publisher, migration.Options, ct) is { Count: > 0 } tables)
            await TableByTable.RunAsync(publisher, tables, Arm, migration, ct);
    }

    /// <summary>Arms one table. ALWAYS, so that a replica-role session does not pass; ONLY, because every partition has a trigger of its own.</summary>
    /// <param name="table">Qualified and quoted.</param>
    public static string Arm(string table)
    {
        var body = $"""
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger
                                WHERE tgrelid = {Sql.Literal(table)}::pg_catalog.regclass AND tgname = '{Name}') THEN
                    CREATE TRIGGER {Name} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                        FOR EACH STATEMENT EXECUTE FUNCTION pgbaton.gate();
                END IF;
                ALTER TABLE ONLY {table} ENABLE ALWAYS TRIGGER {Name};
            END
            """;
        return $"DO {Sql.Literal(body)}"; // Not $…$: a name may hold any tag.
    }

    /// <summary>The names, quoted, of all tables that have the trigger; in scope or not.</summary>
    public static Task<List<string>> ArmedAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE t.tgfoid = pg_catalog.to_regprocedure('pgbaton.gate()')
             ORDER BY n.nspname, c.relname
            """,
            row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct);

    public static string Disarm(string table) => $"DROP TRIGGER IF EXISTS {Name} ON {table}";
}
