using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Objects that came after the schema had been copied. What must exist before the rows of new tables is made at once; their indexes, keys and
/// triggers, and all foreign keys, afterwards, in the way of step <c>post-data</c>.
/// </summary>
/// <param name="AtOnce">In an order in which they can be made.</param>
/// <param name="Later">Likewise.</param>
sealed record NewEntries(IReadOnlyList<ArchiveEntry> AtOnce, IReadOnlyList<ArchiveEntry> Later)
{
    public static NewEntries Of(IEnumerable<SchemaChange> changes)
    {
        var entries = changes.SelectMany(change => change.Now).DistinctBy(entry => entry.Id).OrderBy(entry => entry.Position).ToList();
        var tables = entries.Where(entry => entry.Kind == "TABLE").ToList();
        var ids = tables.Select(table => table.Id).ToHashSet();
        var names = tables.Select(table => (table.Schema, table.Name)).ToHashSet();
        var (atOnce, later) = (new List<ArchiveEntry>(), new List<ArchiveEntry>());
        var attached = new Dictionary<(string, string), int>();
        foreach (var entry in entries)
        {
            // A partition of a table that has indexes already takes part in them as soon as it is attached: its own must be there before.
            var joinsOldRoot = entry.Kind == "TABLE ATTACH" && entry.Needs.Count(ids.Contains) == 1;
            var belongs = entry.Table is { } table && names.Contains(table);
            // A foreign key looks at rows of two tables, which the stream may be behind with.
            var isLater = joinsOldRoot || entry.Kind == "FK CONSTRAINT" || (entry.Section == ArchiveSection.PostData && (belongs || entry.Needs.Any(need => ids.Contains(need) || IsLater(need))));
            (isLater ? later : atOnce).Add(entry);
            if (joinsOldRoot)
                attached[(entry.Schema, entry.Name)] = entry.Id;
        }

        var inner = later.FindAll(IsInner).ConvertAll(entry => entry.Id);
        return new(atOnce, [.. later.Select(WithOrder)]);

        // Both indexes are new: the one above is of no use to the root, which would make another, until it has all of its parts.
        bool IsInner(ArchiveEntry entry) => entry.Kind == "INDEX ATTACH" && later.Exists(index => index.Kind is "INDEX" or "CONSTRAINT" && IsAbove(index, entry));

        bool IsLater(int id) => later.Exists(entry => entry.Id == id);

        // pg_dump's own order is for a database in which the root has no index yet.
        ArchiveEntry WithOrder(ArchiveEntry entry) => entry.Kind switch
        {
            "TABLE ATTACH" => entry with
            {
                Section = ArchiveSection.PostData,
                Needs = [.. entry.Needs, .. later.Where(other => other.Kind is "INDEX" or "CONSTRAINT" && other.Table == (entry.Schema, entry.Name)).Select(other => other.Id), .. inner],
            },
            "INDEX ATTACH" when inner.Contains(entry.Id) => entry,
            "INDEX ATTACH" => entry with { Needs = [.. entry.Needs, .. attached.Values] },
            _ => entry,
        };
    }

    // ALTER INDEX schema.above ATTACH PARTITION schema.part; with quotes where a name needs them.
    static bool IsAbove(ArchiveEntry index, ArchiveEntry attach)
    {
        var name = index.Table is { } table && index.Kind == "CONSTRAINT" ? Renaming.Own(index.Name, table.Name) : index.Name;
        return attach.Definition.Contains($".{name} ATTACH PARTITION ", StringComparison.Ordinal)
            || attach.Definition.Contains($".{Sql.Identifier(name)} ATTACH PARTITION ", StringComparison.Ordinal);
    }

    /// <summary>A partition that was detached has kept the foreign keys of its root: they are made.</summary>
    public async Task<NewEntries> WithKeptKeysAsync(NpgsqlConnection target, CancellationToken ct)
    {
        var keys = Later.Where(entry => entry is { Kind: "FK CONSTRAINT", Table: not null }).ToList();
        var there = (await target.QueryAsync(
            """
            SELECT k.number::int FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (table_name, name, number)
             WHERE EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conrelid = pg_catalog.to_regclass(k.table_name) AND c.conname = k.name AND c.contype = 'f')
            """, row => row.GetInt32(0) - 1, ct,
            keys.Select(key => Sql.Identifier(key.Table!.Value.Schema, key.Table!.Value.Name)).ToArray(),
            keys.Select(key => Renaming.Own(key.Name, key.Table!.Value.Name)).ToArray())).ConvertAll(number => keys[number]);
        return new([.. AtOnce, .. there], [.. Later.Except(there)]);
    }

    /// <summary>Into the journal: what exists on the target, and what is to be made.</summary>
    public static async Task RecordAsync(
        NpgsqlConnection target, IReadOnlyList<ArchiveEntry> made, IReadOnlyList<ArchiveEntry> pending, CancellationToken ct)
    {
        var number = await target.QueryValueAsync<int>("SELECT coalesce(max(greatest(dump_id, position)), 0) FROM pgbaton.entry", ct);
        var ids = made.Concat(pending).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id, _ => ++number);
        foreach (var entry in made.Concat(pending))
        {
            await target.ExecuteAsync(
                """
                INSERT INTO pgbaton.entry
                       (dump_id, position, section, kind, name, description, table_schema, table_name, bytes, needs, command, drop_command, outcome, columns)
                VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text[])
                """, ct, ids[entry.Id], entry.Section == ArchiveSection.PreData ? "pre-data" : "post-data", entry.Kind, entry.Name,
                entry.Description, TableOf(entry)?.Schema, TableOf(entry)?.Name, entry.Bytes,
                entry.Needs.Where(ids.ContainsKey).Select(need => ids[need]).ToArray(), entry.Definition, entry.Drop,
                pending.Contains(entry) ? null : "done", ColumnHistory.Literal(entry.Columns));
        }
    }

    static (string Schema, string Name)? TableOf(ArchiveEntry entry) => entry.Kind is "TABLE" or "TABLE ATTACH" ? (entry.Schema, entry.Name) : entry.Table;
}
