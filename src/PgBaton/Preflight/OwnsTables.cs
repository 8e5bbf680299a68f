using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class OwnsTables() : Check("PB1041", "privileges", "Does our role own the tables it publishes?", "our role owns the tables")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var tables = servers.Tables.Where(table => !table.IsOwned).ToList();
        if (tables.Count == 0)
            yield break;
        var role = Sql.Identifier(servers.Source.Facts.User);
        var owners = tables.Select(table => table.Owner).Distinct().ToList();
        yield return Blocker(
            $"role {role} does not own {Listing.Count(tables.Count, "table", "tables")}",
            $"Only the owner of a table may publish it and put a gate on it; its members count as owners. {Listing.Of([.. tables.Select(table => table.Name)])}.",
            Listing.Script([.. owners.Select(owner => owner.GrantTo(role))]),
            Listing.About([.. tables.Select(table => table.Name)]));
    }
}
