using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class Leftovers() : Check(
    "PB1030", "replication", "Is nothing left on the source of an earlier migration?", "nothing is left on the source of an earlier migration")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var source = servers.Source;
        var found = await source.Connection.QueryAsync(
            """
            SELECT 'slot', slot_name::text, active FROM pg_catalog.pg_replication_slots
             WHERE slot_name LIKE 'pgbaton\_%' AND slot_name NOT LIKE 'pgbaton\_check\_%' AND NOT temporary AND database = pg_catalog.current_database()
             UNION ALL
            SELECT 'publication', pubname::text, false FROM pg_catalog.pg_publication WHERE pubname LIKE 'pgbaton\_%' AND pubname NOT LIKE 'pgbaton\_check\_%'
            """,
            row => (Kind: row.GetString(0), Name: row.GetString(1), IsActive: row.GetBoolean(2)), ct);
        // Ours, by the journal of the target: made again or gone on with.
        var left = found.Where(item => item.Name != servers.SlotName).ToList();
        var findings = new List<Finding>();
        if (left.Count > 0)
            findings.Add(Warning(
                $"of another migration: {Listing.Of([.. left.Select(item => $"{item.Kind} {item.Name}{(item.IsActive ? " (in use)" : "")}")])}",
                "If that migration is over, its slot keeps WAL until the disk is full. If it is not, leave them.",
                Listing.Script([.. left.Select(item => item.Kind == "slot" ? $"SELECT pg_drop_replication_slot({Sql.Literal(item.Name)});" : $"DROP PUBLICATION {Sql.Identifier(item.Name)};")])));
        if (!servers.IsUnderWay && OfSchema(source.Facts.OurSchemaComment) is { } schema)
            findings.Add(schema);
        return findings;
    }

    Finding? OfSchema(string? comment)
        => comment is null ? null
            : comment.StartsWith("pgbaton gate", StringComparison.Ordinal) ? Warning(
                "the source still has the gate of an earlier migration (schema pgbaton)", "It is taken over, or replaced.",
                "DROP SCHEMA pgbaton CASCADE;  -- takes the gate's triggers with it, if no other migration is using it", "pgbaton")
            : comment.StartsWith("pgbaton journal", StringComparison.Ordinal) ? Blocker(
                "the source is the target of a migration that is not finished (schema pgbaton holds its journal)", "Its gate is on the tables, and its journal would be moved along.",
                "Finish or abort that migration first: pgbaton finish --target <this source>.", "pgbaton")
            : Blocker(
                "the source has a schema pgbaton that is not ours",
                "The gate that closes the source during the cutover needs a schema of that name.", "ALTER SCHEMA pgbaton RENAME TO …;",
                "pgbaton");
}
