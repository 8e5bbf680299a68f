using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// From 18 on NOT NULL is a constraint with a name of its own, <c>table_column_not_null</c> if nobody gave it one. The source's constraint may have that name
/// already, and keeps it.
/// </summary>
static class NotNullName
{
    const string Rename =
        """
        SELECT pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', k.conrelid::pg_catalog.regclass, k.conname,
                                 (SELECT pg_catalog.left(k.conname, 58) || n FROM pg_catalog.generate_series(1, 1000) n
                                   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conname = pg_catalog.left(k.conname, 58) || n)
                                   ORDER BY n LIMIT 1))
          FROM pg_catalog.pg_constraint k
         WHERE k.conrelid = pg_catalog.to_regclass($1) AND k.conname = $2 AND k.contype = 'n'
           -- The server renames it in children as well, where it has another name.
           AND k.coninhcount = 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = k.conrelid)
        """;

    /// <summary>The command that makes room for a constraint, if there is need for it; else null.</summary>
    public static async Task<string?> FindAsync(NpgsqlConnection target, Entry entry, CancellationToken ct)
        => entry is { Kind: "CONSTRAINT" or "CHECK CONSTRAINT" or "FK CONSTRAINT", Table: { } table }
            ? await target.QueryFirstAsync(
                Rename, row => row.GetString(0), ct, Sql.Identifier(table.Schema, table.Name), Renaming.Own(entry.Name, table.Name))
            : null;
}
