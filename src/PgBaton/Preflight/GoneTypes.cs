using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// What only PostgreSQL before 12 can hold: rows with hidden oids, and the types of the last century. And rows of catalogs as values: these have other
/// columns in another version.
/// </summary>
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

    const string RowsOfCatalogs =
        """
        SELECT n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(r.oid, NULL)
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          JOIN pg_catalog.pg_type r ON r.oid IN (t.oid, t.typelem) AND r.typtype = 'c'
          JOIN pg_catalog.pg_namespace tn ON tn.oid = r.typnamespace AND tn.nspname IN ('pg_catalog', 'information_schema')
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
         ORDER BY 1, 2, 3
        """;

    // Null of a type that is not there.
    const string Attributes =
        """
        SELECT (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname, pg_catalog.format_type(a.atttypid, NULL)), ',' ORDER BY a.attnum)
                  FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(x.name) AND a.attnum > 0)
          FROM unnest($1::text[]) WITH ORDINALITY x (name, number) ORDER BY x.number
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
        => [.. await GoneAsync(servers, ct), .. servers.Has(Needs.Target) ? await OtherRowsAsync(servers, ct) : []];

    async Task<IEnumerable<Finding>> OtherRowsAsync(Servers servers, CancellationToken ct)
    {
        var found = (await servers.Source.Connection.QueryAsync(
            RowsOfCatalogs, row => (Schema: row.GetString(0), Name: row.GetString(1), Column: row.GetString(2), Type: row.GetString(3)), ct))
            .FindAll(column => servers.Scope.Includes(column.Schema, column.Name));
        if (found.Count == 0)
            return [];
        var types = found.ConvertAll(column => column.Type).ToArray();
        var here = await servers.Source.Connection.QueryAsync(Attributes, row => row.GetNullable<string>(0), ct, (object)types);
        var there = await servers.Target.Connection.QueryAsync(Attributes, row => row.GetNullable<string>(0), ct, (object)types);
        return found.Where((_, i) => here[i] != there[i]).Select(column =>
        {
            var name = $"column {Sql.Identifier(column.Column)} of {Sql.Identifier(column.Schema, column.Name)}";
            return Blocker(
                $"{name} holds rows of {column.Type}, which has other columns on the target", "The target would refuse each such value.",
                $"ALTER TABLE {Sql.Identifier(column.Schema, column.Name)} ALTER COLUMN {Sql.Identifier(column.Column)} TYPE jsonb USING pg_catalog.to_jsonb({Sql.Identifier(column.Column)});  -- on the source",
                name);
        });
    }

    async Task<IReadOnlyList<Finding>> GoneAsync(Servers servers, CancellationToken ct)
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
