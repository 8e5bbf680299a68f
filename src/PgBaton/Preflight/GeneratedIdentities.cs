using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// PostgreSQL 18 refuses UPDATE and DELETE of a published table whose replica identity holds a generated column (42P10). Before, it publishes them without that
/// column: what is left need not name one row. There FULL is no trouble: a generated column follows from the others.
/// </summary>
sealed class GeneratedIdentities() : Check(
    "PB1051", "schema", "Is no generated column part of a replica identity?", "no replica identity holds a generated column", onlyFollowing: true)
{
    const int FirstToRefuse = 18;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var refuses = servers.Source.Version.Major >= FirstToRefuse;
        var (ofKeys, ofRows) = Split(servers.Tables.Where(table => table.GeneratedInIdentity is not null), servers.Options.ReplicaIdentityFull);
        if (refuses && ofKeys.Count + ofRows.Count > 0)
            yield return Blocker(
                Message([.. ofKeys, .. ofRows]), $"Once published, every UPDATE and DELETE on {Listing.Them(ofKeys.Count + ofRows.Count)} would fail on PostgreSQL 18, for the application too. {Names([.. ofKeys, .. ofRows])}",
                Fix([.. ofKeys, .. ofRows]), About([.. ofKeys, .. ofRows]));
        if (!refuses && ofKeys.Count > 0)
            yield return Blocker(
                Message(ofKeys), $"Before PostgreSQL 18 it is not published: which row an UPDATE or DELETE touches could not be told on the target. {Names(ofKeys)}",
                Fix(ofKeys, table => $"ALTER TABLE {table.Name} REPLICA IDENTITY FULL;"), About(ofKeys));
        if (!refuses && ofRows.Count > 0 && servers.Has(Needs.Target) && servers.Target.Version.Major >= FirstToRefuse)
            yield return Warning(
                Message(ofRows),
                $"The target publishes them for the way back, and every UPDATE and DELETE of the application would fail there (PostgreSQL 18): the cutover stops for that (PB0508), or has to do without a way back (--no-reverse). {Names(ofRows)}",
                Fix(ofRows), About(ofRows));
    }

    static (List<CheckedTable> OfKeys, List<CheckedTable> OfRows) Split(IEnumerable<CheckedTable> tables, bool fullMeanwhile)
    {
        var isFull = tables.ToLookup(table => table.Table.ReplicaIdentity == 'f' || (fullMeanwhile && !table.Table.HasIdentity));
        return ([.. isFull[false]], [.. isFull[true]]);
    }

    static string Message(List<CheckedTable> tables) => $"{Listing.Count(tables.Count, "table has", "tables have")} a generated column in the replica identity";

    static string Names(List<CheckedTable> tables) => $"{Listing.Of([.. tables.Select(table => $"{table.Name} ({Sql.Identifier(table.GeneratedInIdentity!)})")])}.";

    static string Fix(List<CheckedTable> tables, Func<CheckedTable, string>? without = null)
        => Listing.Script([.. tables.Select(table => table.PossibleIndex is { } index
            ? $"ALTER TABLE {table.Name} REPLICA IDENTITY USING INDEX {Sql.Identifier(index)};"
            : without?.Invoke(table) ?? $"-- {table.Name}: a primary key without that column, or leave the table out (-T)")]);

    static string? About(List<CheckedTable> tables) => Listing.About([.. tables.Select(table => table.Name)]);
}
