namespace PgBaton.Preflight;

sealed class SimilarNames() : Check("PB1055", "schema", "Do no two tables differ only by case?", "no two tables differ only by case")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var groups = servers.Tables.GroupBy(table => table.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ToList();
        if (groups.Count > 0)
            yield return Notice(
                $"{Listing.Count(groups.Count, "name is", "names are")} borne by several tables that differ only by case",
                "Each is moved by its own name; mind the quotes in filters and queries. "
                + $"{Listing.Of([.. groups.Select(group => string.Join(" and ", group.Select(table => table.Name)))])}.");
    }
}
