using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>PostgreSQL 18 refuses UPDATE and DELETE of a published table whose replica identity holds a generated column (42P10).</summary>
sealed class GeneratedIdentities() : Check(
    "PB1051", "schema", "Is no generated column part of a replica identity?", "no replica identity holds a generated column", onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var tables = servers.Tables.Where(table => table.GeneratedInIdentity is not null).ToList();
        if (tables.Count == 0 || servers.Source.Version.Major < 18)
            yield break;
        List<string> names = [.. tables.Select(table => table.Name)];
        yield return Blocker(
            $"{Listing.Count(tables.Count, "table has", "tables have")} a generated column in the replica identity",
            "Once published, every UPDATE and DELETE on them would fail on PostgreSQL 18, for the application too. "
            + $"{Listing.Of([.. tables.Select(table => $"{table.Name} ({Sql.Identifier(table.GeneratedInIdentity!)})")])}.",
            Listing.Script([.. tables.Select(table => table.PossibleIndex is { } index
                ? $"ALTER TABLE {table.Name} REPLICA IDENTITY USING INDEX {Sql.Identifier(index)};"
                : $"ALTER TABLE {table.Name} REPLICA IDENTITY FULL;")]),
            Listing.About(names));
    }
}
