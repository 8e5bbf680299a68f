using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Rows that users keep in tables of extensions; where the extension is on the target already, whether we may write them there.</summary>
sealed class ExtensionRows() : Check(
    "PB1067", "extensions", "Does no extension keep rows of yours in tables of its own?", "no extension keeps rows of yours in tables of its own")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var table in (await ConfigurationTable.ListAsync(servers.Source.Connection, servers.Options, ct)).Where(table => !table.IsSequence))
        {
            var readable = await servers.Source.Connection.QueryValueAsync<bool>(
                "SELECT pg_catalog.has_table_privilege($1, 'SELECT')", ct, table.QualifiedName);
            var rows = readable ? await servers.Source.Connection.QueryValueAsync<long>($"SELECT count(*) FROM ({table.Rows("1")}) r", ct) : (long?)null;
            if (rows != 0)
                findings.Add(await JudgeAsync(servers, table, rows, ct));
        }

        return findings;
    }

    async Task<Finding> JudgeAsync(Servers servers, ConfigurationTable table, long? rows, CancellationToken ct)
    {
        var has = $"extension {table.Extension} keeps {(rows is { } count ? Listing.Count((int)Math.Min(count, int.MaxValue), "row", "rows") : "rows")} of yours in {table.QualifiedName}";
        if (rows is null)
            return Warning(has, "They cannot be read, and will be missing.", $"GRANT SELECT ON {table.QualifiedName} TO CURRENT_USER;  -- on the source", table.QualifiedName);
        const string how = "They are in no publication: they are carried over inside the fence, last of all, so that a job never runs on both sides.";
        return servers.Has(Needs.Target) && !await MayWriteAsync(servers, table, ct)
            ? Warning(has, $"{how} The role on the target may not write there: they will be missing, and the cutover says so (PB0414).",
                $"GRANT INSERT, DELETE ON {table.QualifiedName} TO CURRENT_USER;  -- on the target, or carry them over by hand", table.QualifiedName)
            : Notice(has, how, about: table.QualifiedName);
    }

    // Of an extension that is made by the migration its tables are ours.
    static Task<bool> MayWriteAsync(Servers servers, ConfigurationTable table, CancellationToken ct)
        => servers.Target.Connection.QueryValueAsync<bool>(
            "SELECT coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass($1), 'INSERT') AND pg_catalog.has_table_privilege(pg_catalog.to_regclass($1), 'DELETE'), true)",
            ct, table.QualifiedName);
}
