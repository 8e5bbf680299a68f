using PgBaton.Catalog;

namespace PgBaton.Preflight;

/// <summary>With <c>--existing-schema</c>: every table is there, has the columns, and is empty.</summary>
sealed class ExistingTables() : Check(
    "PB1082", "target", "With --existing-schema, are the target's tables there and empty?", "the target's tables are there and empty",
    needs: Needs.Both, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (!servers.Options.ExistingSchema)
            return [Fine("the schema is made by pgbaton")];
        var theirs = (await Table.ListAsync(servers.Target.Connection, ct)).ToDictionary(table => table.QualifiedName, StringComparer.Ordinal);
        var (present, missing) = (
            servers.Tables.Where(table => theirs.ContainsKey(table.Name)).ToList(),
            servers.Tables.Where(table => !theirs.ContainsKey(table.Name)).Select(table => table.Name).ToList());
        var findings = new List<Finding>();
        if (missing.Count > 0)
            findings.Add(Blocker(
                $"{Listing.Count(missing.Count, "table is", "tables are")} missing on the target", $"{Listing.Of(missing)}.", "Make them there, leave them out with -T, or leave --existing-schema out.", Listing.About(missing)));
        if (await WithoutColumnsAsync(servers, present, theirs, ct) is { Count: > 0 } lacking)
            findings.Add(Blocker(
                $"{Listing.Count(lacking.Count, "column is", "columns are")} missing on the target", $"{Listing.Of(lacking)}.",
                "Add them there.", Listing.About(lacking)));
        if (await Schema.ExistingTables.FilledAsync(servers.Target.Connection, [.. present.Select(table => table.Name)], ct) is { Count: > 0 } filled)
            findings.Add(Blocker(
                $"{Listing.Count(filled.Count, "table holds", "tables hold")} rows on the target", $"They would be mixed with those of the source, or lost. {Listing.Of(filled)}.",
                Listing.Script([.. filled.Select(table => $"TRUNCATE {table};  -- if its rows are not needed")]), Listing.About(filled)));
        return findings;
    }

    static async Task<List<string>> WithoutColumnsAsync(
        Servers servers, List<CheckedTable> tables, Dictionary<string, Table> theirs, CancellationToken ct)
    {
        var ours = await Column.ListAsync(servers.Source.Connection, tables.Select(table => table.Table.Oid), ct);
        var there = await Column.ListAsync(servers.Target.Connection, tables.Select(table => theirs[table.Name].Oid), ct);
        return
        [
            .. from table in tables
               let names = there[theirs[table.Name].Oid].Select(column => column.Name).ToHashSet(StringComparer.Ordinal)
               from column in ours[table.Table.Oid]
               where !names.Contains(column.Name)
               select $"{table.Name}.{column.QuotedName}",
        ];
    }
}
