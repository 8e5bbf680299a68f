using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>PostgreSQL 18 refuses UPDATE and DELETE of a published table whose replica identity holds a generated column (42P10).</summary>
sealed class GeneratedIdentities() : Check(
    "PB1051", "schema", "Is no generated column part of a replica identity?", "no replica identity holds a generated column", onlyFollowing: true)
{
    const int FirstToRefuse = 18;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var tables = servers.Tables.Where(table => table.GeneratedInIdentity is not null).ToList();
        var isSource = servers.Source.Version.Major >= FirstToRefuse;
        if (tables.Count == 0 || !(isSource || (servers.Has(Needs.Target) && servers.Target.Version.Major >= FirstToRefuse)))
            yield break;
        List<string> names = [.. tables.Select(table => table.Name)];
        var message = $"{Listing.Count(tables.Count, "table has", "tables have")} a generated column in the replica identity";
        var list = $"{Listing.Of([.. tables.Select(table => $"{table.Name} ({Sql.Identifier(table.GeneratedInIdentity!)})")])}.";
        var fix = Listing.Script([.. tables.Select(table => table.PossibleIndex is { } index
            ? $"ALTER TABLE {table.Name} REPLICA IDENTITY USING INDEX {Sql.Identifier(index)};"
            : $"-- {table.Name}: a primary key without that column, or leave the table out (-T)")]);
        yield return isSource
            ? Blocker(message, $"Once published, every UPDATE and DELETE on them would fail on PostgreSQL 18, for the application too. {list}", fix, Listing.About(names))
            : Warning(
                message,
                $"The target publishes them for the way back, and every UPDATE and DELETE of the application would fail there (PostgreSQL 18): the cutover stops for that (PB0508), or has to do without a way back (--no-reverse). {list}",
                fix, Listing.About(names));
    }
}
