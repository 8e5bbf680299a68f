using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What only PostgreSQL before 12 can hold: rows with hidden oids, and the types of the last century.</summary>
sealed class GoneTypes() : Check(
    "PB1062", "schema", "Can the target hold every column?", "every column can be held by the target")
{
    const string Find =
        """
        SELECT n.nspname::text, c.relname::text, NULL
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND (pg_catalog.to_jsonb(c) ->> 'relhasoids')::bool
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
         UNION ALL
        SELECT n.nspname::text, c.relname::text, a.attname::text
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
           AND pg_catalog.format_type(a.atttypid, NULL) IN ('abstime', 'reltime', 'tinterval', 'abstime[]', 'reltime[]', 'tinterval[]')
         ORDER BY 1, 2, 3
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Source.Version.HasGeneratedColumns)
            return []; // 12 and newer know neither.
        var found = await servers.Source.Connection.QueryAsync(
            Find, row => (Schema: row.GetString(0), Name: row.GetString(1), Column: row.GetNullable<string>(2)), ct);
        return [.. found.Where(gone => servers.Scope.Includes(gone.Schema, gone.Name)).Select(gone => Tell(Sql.Identifier(gone.Schema, gone.Name), gone.Column))];
    }

    Finding Tell(string table, string? column)
        => column is null
            ? Blocker(
                $"table {table} has hidden oids", "PostgreSQL has no tables WITH OIDS since 12: the oids would be left behind.",
                $"ALTER TABLE {table} SET WITHOUT OIDS;  -- if nobody reads them; else copy them into a column first", table)
            : Blocker(
                $"column {Sql.Identifier(column)} of {table} has a type that is gone", "abstime, reltime and tinterval went with PostgreSQL 12.",
                $"ALTER TABLE {table} ALTER COLUMN {Sql.Identifier(column)} TYPE timestamptz;  -- or interval", $"column {Sql.Identifier(column)} of {table}");
}
