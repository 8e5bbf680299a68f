using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class RowSecurity() : Check(
    "PB1042", "privileges", "Does row level security hide no row from us?", "no row level security hides rows from us")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        List<string> tables = [.. servers.Tables.Where(table => table.HidesRows).Select(table => table.Name)];
        if (tables.Count > 0)
            yield return Blocker(
                $"row level security applies to role {Sql.Identifier(servers.Source.Facts.User)} on "
                + $"{Listing.Count(tables.Count, "table", "tables")}",
                "Its policies would hide rows from the copy. Our sessions set row_security = off, so that this is an error and never a "
                + $"missing row. {Listing.Of(tables)}.",
                $"ALTER ROLE {Sql.Identifier(servers.Source.Facts.User)} BYPASSRLS;", Listing.About(tables));
    }
}
