namespace PgBaton.Preflight;

sealed class UnloggedTables() : Check("PB1052", "schema", "Is every table logged?", "every table is logged", onlyFollowing: true)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        List<string> tables = [.. servers.Tables.Where(table => !table.Table.IsLogged).Select(table => table.Name)];
        if (tables.Count > 0)
            yield return Warning(
                $"{Listing.Count(tables.Count, "table is", "tables are")} unlogged",
                "Changes of an unlogged table are in no WAL, so they cannot be followed: it is copied once more, whole, inside the fence, and "
                + $"that is part of the downtime. {Listing.Of(tables)}.",
                Listing.Script([.. tables.Select(table => $"ALTER TABLE {table} SET LOGGED;  -- or leave it out: -T")]), Listing.About(tables));
    }
}
