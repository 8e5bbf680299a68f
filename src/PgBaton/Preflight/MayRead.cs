using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class MayRead() : Check("PB1040", "privileges", "May we read every table and sequence?", "every table and sequence may be read")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var role = Sql.Identifier(servers.Source.Facts.User);
        var tables = servers.Tables.Where(table => !table.MayUseSchema || !table.MaySelect).ToList();
        var findings = new List<Finding>();
        if (tables.Count > 0)
            findings.Add(Blocker(
                $"role {role} may not read {Listing.Count(tables.Count, "table", "tables")}", $"{Listing.Of([.. tables.Select(table => table.Name)])}.",
                Listing.Script(
                [
                    .. tables.Where(table => !table.MayUseSchema).Select(table => table.Table.Schema).Distinct(StringComparer.Ordinal).Select(schema => $"GRANT USAGE ON SCHEMA {Sql.Identifier(schema)} TO {role};"),
                    .. tables.Where(table => !table.MaySelect).Select(table => $"GRANT SELECT ON {table.Name} TO {role};"),
                ]),
                Listing.About([.. tables.Select(table => table.Name)])));

        var sequences = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton') AND n.nspname NOT LIKE 'pg\_temp\_%'
               AND CASE WHEN c.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE false END
             ORDER BY 1, 2
            """,
            row => (Schema: row.GetString(0), Name: row.GetString(1)), ct);
        List<string> hidden = [.. sequences.Where(sequence => servers.Scope.Includes(sequence.Schema, sequence.Name)).Select(sequence => Sql.Identifier(sequence.Schema, sequence.Name))];
        if (hidden.Count > 0)
            findings.Add(Blocker(
                $"role {role} may not read {Listing.Count(hidden.Count, "sequence", "sequences")}", $"Where they stand has to be set on the target. {Listing.Of(hidden)}.",
                Listing.Script([.. hidden.Select(sequence => $"GRANT SELECT ON SEQUENCE {sequence} TO {role};")]), Listing.About(hidden)));
        return findings;
    }
}
