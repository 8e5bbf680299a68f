using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Constraints that do not come out of pg_dump's text as they went into it.</summary>
sealed class LostConstraints() : Check("PB1075", "schema", "Can every constraint be made again from its description?", "every constraint can be made again from its description")
{
    // Up to 17 NOT NULL has no entry of its own, so a child's column cannot be described as looser than its parent's.
    const string LooserChildren =
        """
        SELECT n.nspname::text, c.relname::text, a.attname::text, p.oid::pg_catalog.regclass::text
          FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
          JOIN pg_catalog.pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum > 0 AND pa.attnotnull AND NOT pa.attisdropped
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = pa.attname AND NOT a.attnotnull
         WHERE c.relkind = 'r' AND NOT c.relispartition
         ORDER BY 1, 2, 3
        """;

    // No server to date finds the index of a partition equal to its root's, where both exclude.
    const string ExclusionsOfRoots =
        """
        SELECT n.nspname::text, c.relname::text, k.conname::text, NULL
          FROM pg_catalog.pg_constraint k
          JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE k.contype = 'x' AND c.relkind = 'p' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
         ORDER BY 1, 2, 3
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        List<Finding> findings = [.. (await ListAsync(servers, ExclusionsOfRoots, ct)).Select(Exclusion)];
        if (servers.Source.Version.Major < 18)
            findings.AddRange((await ListAsync(servers, LooserChildren, ct)).Select(Looser));
        return findings;
    }

    static async Task<IEnumerable<Found>> ListAsync(Servers servers, string query, CancellationToken ct)
    {
        var scope = new Scope(servers.Options);
        return (await servers.Source.Connection.QueryAsync(
            query, row => new Found(row.GetString(0), row.GetString(1), Sql.Identifier(row.GetString(2)), row.GetNullable<string>(3)), ct))
            .Where(found => scope.Includes(found.Schema, found.Name));
    }

    Finding Looser(Found found) => Blocker(
        $"column {found.What} of {found.Table} may hold NULL, the one it inherits from {found.Parent} may not",
        "pg_dump describes the parent only, and from that the target makes the column NOT NULL in both.",
        $"ALTER TABLE {found.Table} ALTER COLUMN {found.What} SET NOT NULL;  -- on the source, where no row has NULL there; else end the inheritance (NO INHERIT)",
        $"column {found.What} of {found.Table}");

    Finding Exclusion(Found found) => Blocker(
        $"exclusion constraint {found.What} of {found.Table} has partitions",
        "pg_dump describes it once for the table and once for each partition, and no server accepts the command that joins these (\"The index definitions do not match\").",
        $"ALTER TABLE {found.Table} DROP CONSTRAINT {found.What};  -- on the source, for the time of the move; or leave the table out with -T",
        $"constraint {found.What} of {found.Table}");

    sealed record Found(string Schema, string Name, string What, string? Parent)
    {
        public string Table => Sql.Identifier(Schema, Name);
    }
}
