using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Publishing a table whose replica identity finds no row makes the application's UPDATE and DELETE fail.</summary>
sealed class ReplicaIdentities() : Check(
    "PB1050", "schema", "Has every table a replica identity?", "every table has a replica identity", onlyBefore: true, onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var tables = servers.Tables.Where(table => table.Table.IsLogged && !table.Table.HasIdentity).ToList();
        if (tables.Count == 0)
            yield break;
        List<string> names = [.. tables.Select(table => table.Name)];
        if (servers.Options.ReplicaIdentityFull)
            yield return Notice(
                $"{Listing.Count(tables.Count, "table gets", "tables get")} REPLICA IDENTITY FULL for the time of the migration", $"{Listing.Of(names)}. It is put back at the end.", about: Listing.About(names));
        else
            yield return Blocker(
                $"{Listing.Count(tables.Count, "table has", "tables have")} no replica identity",
                $"Once published, every UPDATE and DELETE on {Listing.Them(tables.Count)} would fail, for the application too. "
                + $"{Listing.Of([.. tables.Select(table => $"{table.Name} ({Why(table)})")])}.",
                $"{Listing.Script([.. tables.Select(Fix)])}\n-- or {(tables.Count == 1 ? "" : "for all of them, ")}for the time of the migration: --replica-identity full; "
                + $"or leave {Listing.Them(tables.Count)} out: -T",
                Listing.About(names));
    }

    static string Why(CheckedTable table) => table.Table.ReplicaIdentity switch
    {
        'n' => "REPLICA IDENTITY NOTHING",
        'i' => "its replica identity index is gone or not valid",
        _ when table.HasDeferrableKey => "its primary key is DEFERRABLE",
        _ => table.RowsChanged == 0 ? "no primary key; so far only inserted into" : "no primary key",
    };

    static string Fix(CheckedTable table)
        => table.PossibleIndex is { } index && table.Table.HasKey ? $"ALTER TABLE {table.Name} REPLICA IDENTITY DEFAULT;"
            : table.PossibleIndex is { } unique ? $"ALTER TABLE {table.Name} REPLICA IDENTITY USING INDEX {Sql.Identifier(unique)};"
            : table.HasUnique ? $"ALTER TABLE {table.Name} ALTER COLUMN … SET NOT NULL;  -- those of its unique index, then REPLICA IDENTITY USING INDEX"
            : $"ALTER TABLE {table.Name} REPLICA IDENTITY FULL;  -- or ADD PRIMARY KEY (…)";
}
