using System.Globalization;
using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>The tables that the journal lists, brought level with those of the source.</summary>
static class ListedTables
{
    /// <summary>
    /// As part of the caller's transaction: tables that are new, or are another one under the same name, are listed as not copied; so are those
    /// whose definition changed and whose rows were rewritten with it, since no stream carries what became of the values, or of which columns were made anew. Those that are gone are
    /// no longer listed, and what the stream still brings of them is passed over.
    /// </summary>
    /// <param name="target">With the journal.</param>
    /// <param name="tables">The source's, in scope.</param>
    /// <param name="changes">What was found and made.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task UpdateAsync(NpgsqlConnection target, IReadOnlyList<Table> tables, IReadOnlyList<SchemaChange> changes, CancellationToken ct)
    {
        var holding = tables.Where(table => table.HoldsRows).ToList();
        var there = (await Table.ListAsync(target, ct)).Select(table => table.QualifiedName).ToHashSet();
        holding.RemoveAll(table => !there.Contains(table.QualifiedName)); // Settled by hand, but for that one.
        var listed = (await target.QueryAsync(
            "SELECT oid, (SELECT max(p.filenode) FROM pgbaton.part p WHERE p.relation = r.oid AND p.generation = r.generation) FROM pgbaton.relation r",
            row => (Oid: row.GetFieldValue<uint>(0), Filenode: row.GetNullable<uint?>(1)), ct)).ToDictionary(row => row.Oid, row => row.Filenode);
        var gone = listed.Keys.Except(holding.Select(table => table.Oid)).ToArray();
        await target.ExecuteAsync("DELETE FROM pgbaton.verification v USING pgbaton.relation r WHERE r.oid = ANY ($1) AND (v.schema, v.name) = (r.schema, r.name)", ct, gone);
        await target.ExecuteAsync("DELETE FROM pgbaton.relation WHERE oid = ANY ($1)", ct, gone);
        await NoteGoneAsync(target, gone, holding, ct);

        await RenameAsync(target, holding.FindAll(table => listed.ContainsKey(table.Oid)), ct);
        var added = holding.FindAll(table => !listed.ContainsKey(table.Oid));
        await target.ExecuteAsync(
            "INSERT INTO pgbaton.relation (oid, schema, name, bytes_total) SELECT * FROM unnest($1::oid[], $2::text[], $3::text[], $4::bigint[])", ct,
            added.Select(table => table.Oid).ToArray(), added.Select(table => table.Schema).ToArray(), added.Select(table => table.Name).ToArray(),
            added.Select(table => table.Bytes).ToArray());
        var altered = changes.Where(change => !change.IsNew)
            .SelectMany(change => change.Now.Where(entry => entry.Kind == "TABLE").Select(entry => (entry.Schema, entry.Name, change.HasOtherValues))).ToList();
        altered.AddRange((await WithTypesAsync(target, changes.Where(change => change.HasOtherValues), ct)).Select(table => (table.Schema, table.Name, true)));
        // What was proven of them was proven of other columns.
        await target.ExecuteAsync(
            "DELETE FROM pgbaton.verification v USING ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS a (schema, name) WHERE (v.schema, v.name) = (a.schema, a.name)", ct,
            altered.Select(table => table.Schema).ToArray(), altered.Select(table => table.Name).ToArray());
        var others = holding.Where(table => listed.ContainsKey(table.Oid) && altered.Exists(other => (other.Schema, other.Name) == (table.Schema, table.Name)
            && (other.HasOtherValues || (listed[table.Oid] is { } read && read != table.Filenode))));
        await CopyAgainAsync(target, others.Select(table => table.Oid), ct);
    }

    // Of what got other values.
    static Task<List<(string Schema, string Name)>> WithTypesAsync(NpgsqlConnection target, IEnumerable<SchemaChange> changes, CancellationToken ct)
    {
        var types = changes.SelectMany(change => change.Now.Where(entry => entry.Kind is "TYPE" or "TABLE")).ToList();
        return target.QueryAsync(
            Query.TablesWithType, row => (row.GetString(0), row.GetString(1)), ct, types.Select(type => type.Schema).ToArray(), types.Select(type => type.Name).ToArray());
    }

    // Two may have exchanged their names. What was proven was proven under the former one.
    static async Task RenameAsync(NpgsqlConnection target, List<Table> tables, CancellationToken ct)
    {
        object[] those = [tables.Select(table => table.Oid).ToArray(), tables.Select(table => table.Schema).ToArray(), tables.Select(table => table.Name).ToArray()];
        const string renamed =
            "pgbaton.relation r JOIN unnest($1::oid[], $2::text[], $3::text[]) AS now (oid, schema, name) ON now.oid = r.oid AND (now.schema, now.name) <> (r.schema, r.name)";
        await target.ExecuteAsync($"DELETE FROM pgbaton.verification v USING {renamed} WHERE (v.schema, v.name) IN ((r.schema, r.name), (now.schema, now.name))", ct, those);
        var oids = await target.QueryAsync($"SELECT r.oid FROM {renamed}", row => row.GetFieldValue<uint>(0), ct, those);
        await target.ExecuteAsync("UPDATE pgbaton.relation SET name = 'renamed: ' || oid WHERE oid = ANY ($1)", ct, oids.ToArray());
        await target.ExecuteAsync(
            "UPDATE pgbaton.relation r SET schema = now.schema, name = now.name FROM unnest($1::oid[], $2::text[], $3::text[]) AS now (oid, schema, name) WHERE r.oid = now.oid",
            ct, those);
    }

    /// <summary>The tables of which the stream is passed over.</summary>
    public static async Task<HashSet<uint>> GoneAsync(NpgsqlConnection target, CancellationToken ct)
    {
        var noted = await target.QueryFirstAsync("SELECT value FROM pgbaton.fact WHERE key = $1", row => row.GetString(0), ct, Fact.GoneTables);
        return [.. (noted ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(oid => uint.Parse(oid, CultureInfo.InvariantCulture))];
    }

    static async Task NoteGoneAsync(NpgsqlConnection target, IEnumerable<uint> gone, List<Table> holding, CancellationToken ct)
    {
        var noted = (await GoneAsync(target, ct)).Union(gone).Except(holding.Select(table => table.Oid)).Order();
        await target.ExecuteAsync(
            "INSERT INTO pgbaton.fact (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = now()", ct,
            Fact.GoneTables, string.Join(' ', noted));
    }

    /// <summary>Their rows are to be copied once more, from a snapshot that is yet to be taken, and then to be verified. Returns how many are listed.</summary>
    public static Task<int> CopyAgainAsync(NpgsqlConnection target, IEnumerable<uint> oids, CancellationToken ct)
        => target.ExecuteAsync(
            """
            WITH former AS (DELETE FROM pgbaton.verification v USING pgbaton.relation r WHERE r.oid = ANY ($1) AND (v.schema, v.name) = (r.schema, r.name))
            UPDATE pgbaton.relation
               SET generation = generation + 1, copied = false, copied_at = NULL, rows = NULL, bytes = NULL, seconds = NULL
             WHERE oid = ANY ($1)
            """, ct, oids.ToArray());
}
