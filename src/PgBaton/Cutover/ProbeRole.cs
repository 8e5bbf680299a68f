using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// Writes on the subscriber as the application's role would, each time no row and all of it rolled back: a privilege that was not carried over is found
/// before the writers come.
/// </summary>
static class ProbeRole
{
    static readonly (string Privilege, Func<TableToProbe, string> Command)[] _kinds =
    [
        ("INSERT", table => $"INSERT INTO {table.Name} SELECT WHERE false"),
        ("UPDATE", table => $"UPDATE {table.Name} SET {table.Column} = DEFAULT WHERE false"),
        ("DELETE", table => $"DELETE FROM {table.Name} WHERE false"),
    ];

    /// <summary>What the role may on the publisher and not on the subscriber; a role that the publisher does not know must be able to write every table.</summary>
    public static async Task<List<Finding>> ListAsync(TwoSides sides, MigrationOptions options, string role, CancellationToken ct)
    {
        var tables = await TablesAsync(sides.Publisher, options, role, ct);
        var findings = new List<Finding>();
        await using var transaction = await sides.Subscriber.BeginTransactionAsync(ct);
        try
        {
            await sides.Subscriber.ExecuteAsync($"SET LOCAL lock_timeout = '2s'; SET LOCAL row_security = on; SET LOCAL ROLE {Sql.Identifier(role)}", ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            return [Blocker(role, $"our role cannot act as it on the {sides.SubscriberName}: {refusal.MessageText}",
                $"Make the role there, and GRANT {Sql.Identifier(role)} TO our role.", about: null)];
        }

        foreach (var table in tables)
        {
            foreach (var (privilege, command) in _kinds.Where(kind => table.May.Contains(kind.Privilege)))
            {
                if (await RefusalAsync(sides.Subscriber, command(table), ct) is { } refusal)
                    findings.Add(Blocker(role, $"{privilege} on table {table.Name} fails there: {refusal}", $"GRANT {privilege} ON {table.Name} TO {Sql.Identifier(role)}", table.Name));
            }
        }

        await transaction.RollbackAsync(ct);
        return findings;
    }

    static async Task<IEnumerable<TableToProbe>> TablesAsync(NpgsqlConnection publisher, MigrationOptions options, string role, CancellationToken ct)
    {
        var scope = new Scope(options);
        var tables = await publisher.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text,
                   coalesce((SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND r.may_update AND a.attidentity = ''
                                AND (r.oid IS NULL OR pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, 'UPDATE'))
                              ORDER BY a.attnum LIMIT 1), ''),
                   array_remove(ARRAY[CASE WHEN r.may_insert THEN 'INSERT' END, CASE WHEN r.may_update THEN 'UPDATE' END,
                                      CASE WHEN r.may_delete THEN 'DELETE' END], NULL)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_catalog.pg_roles known ON known.rolname = $1
             CROSS JOIN LATERAL (
                    SELECT known.oid,
                           known.oid IS NULL OR pg_catalog.has_table_privilege(known.oid, c.oid, 'INSERT') AND u.may AS may_insert,
                           known.oid IS NULL OR pg_catalog.has_any_column_privilege(known.oid, c.oid, 'UPDATE') AND u.may AS may_update,
                           known.oid IS NULL OR pg_catalog.has_table_privilege(known.oid, c.oid, 'DELETE') AND u.may AS may_delete
                      FROM (SELECT known.oid IS NULL OR pg_catalog.has_schema_privilege(known.oid, n.oid, 'USAGE') AS may) u) r
             WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
             ORDER BY n.nspname, c.relname
            """,
            row => (Schema: row.GetString(0), Name: row.GetString(1), Column: row.GetString(2), May: row.GetFieldValue<string[]>(3)), ct, role);
        return from table in tables
               where scope.Includes(table.Schema, table.Name)
               let may = table.Column.Length > 0 ? table.May : [.. table.May.Where(kind => kind != "UPDATE")]
               select new TableToProbe(Sql.Identifier(table.Schema, table.Name), table.Column, may);
    }

    // Null if it works. A lock that is not to be had says nothing about the role.
    static async Task<string?> RefusalAsync(NpgsqlConnection subscriber, string command, CancellationToken ct)
    {
        await subscriber.ExecuteAsync("SAVEPOINT probe", ct);
        try
        {
            await subscriber.ExecuteAsync(command, ct);
            return null;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            return refusal.MessageText;
        }
        finally
        {
            await subscriber.ExecuteAsync("ROLLBACK TO probe; RELEASE probe", ct);
        }
    }

    static Finding Blocker(string role, string message, string fix, string? about)
        => new("PB1710", Severity.Blocker, $"role {Sql.Identifier(role)} could not work after the cutover: {message}", Fix: fix, About: about, Group: "cutover");

    sealed record TableToProbe(string Name, string Column, string[] May);
}
