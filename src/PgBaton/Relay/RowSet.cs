using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>One command for many rows of a table: DELETE, UPDATE or INSERT, each with the arrays of its columns.</summary>
/// <param name="Table">On the target.</param>
/// <param name="Command">Its parameters are filled.</param>
/// <param name="RowCount">How many it must touch.</param>
sealed record RowSet(TargetTable Table, NpgsqlBatchCommand Command, int RowCount)
{
    const int RowsPerCommand = 20_000;
    const int BytesPerCommand = 16 << 20;

    /// <summary>All that has to be done to the table; large sets in several commands.</summary>
    public static IEnumerable<RowSet> Of(NetEffect effect)
        => Split(effect.Deletes).Select(rows => Delete(effect.Table, rows))
            .Concat(effect.Updates.GroupBy(Unchanged).SelectMany(alike => Split(alike)).Select(rows => Update(effect.Table, rows)))
            .Concat(effect.InsertsAreMany ? [] : Split(effect.Inserts).Select(rows => Insert(effect.Table, rows)));

    static RowSet Delete(TargetTable table, List<TupleData> rows)
        => Create(table, rows, table.KeyColumns, source => $"DELETE FROM ONLY {table.QualifiedName} AS r USING {source} WHERE {Match(table)}");

    // An unchanged key need not be set, except to have something to set.
    static RowSet Update(TargetTable table, List<TupleData> rows)
    {
        var unchanged = Unchanged(rows[0]);
        var set = table.StoredColumns.Where(i => !table.KeyColumns.Contains(i) && !unchanged.Contains((char)i)).DefaultIfEmpty(table.KeyColumns[0]).ToList();
        var assignments = string.Join(", ", set.Select(i => $"{table.Name(i)} = {Value(table, i)}"));
        return Create(
            table, rows, [.. table.KeyColumns.Union(set)],
            source => $"UPDATE ONLY {table.QualifiedName} AS r SET {assignments} FROM {source} WHERE {Match(table)}");
    }

    static RowSet Insert(TargetTable table, List<TupleData> rows)
    {
        var columns = table.StoredColumns;
        return Create(
            table, rows, columns,
            source => $"INSERT INTO {table.QualifiedName} ({string.Join(", ", columns.Select(table.Name))}) OVERRIDING SYSTEM VALUE " +
                $"SELECT {string.Join(", ", columns.Select(i => Value(table, i)))} FROM {source}");
    }

    static RowSet Create(TargetTable table, List<TupleData> rows, IReadOnlyList<int> columns, Func<string, string> sql)
    {
        var arrays = columns.Select((i, n) => $"pg_catalog.unnest(${n + 1}::{table.ArrayTypeAt(i)!.Name})");
        var source = $"ROWS FROM ({string.Join(", ", arrays)}) AS v ({string.Join(", ", columns.Select(i => $"c{i}"))})";
        var command = new NpgsqlBatchCommand(sql(source));
        foreach (var array in Arrays(table, rows, columns))
            command.Parameters.Add(array.ToParameter());
        return new RowSet(table, command, rows.Count);
    }

    static IEnumerable<PrintedValue> Arrays(TargetTable table, List<TupleData> rows, IReadOnlyList<int> columns)
    {
        var arrays = new ArrayText?[table.Relation.Columns.Count];
        foreach (var i in columns)
            arrays[i] = new ArrayText(table.ArrayTypeAt(i)!.Delimiter);
        foreach (var row in rows)
        {
            var fields = row.Columns;
            for (var i = 0; fields.Next(); i++)
            {
                if (fields.Kind == 't')
                    arrays[i]?.Add(fields.Value);
                else
                    arrays[i]?.AddNull();
            }
        }

        return columns.Select(i => arrays[i]!.ToValue());
    }

    static string Match(TargetTable table) => string.Join(" AND ", table.KeyColumns.Select(i => table.Match(i, Value(table, i))));

    static string Value(TargetTable table, int i) => table.ArrayTypeAt(i) is { CastTo: { } type } ? $"v.c{i}::{type}" : $"v.c{i}";

    // The columns that are not in the stream because they did not change, each as a character of its index. Rows with the same ones share a command.
    static string Unchanged(TupleData row)
    {
        if (!row.HasUnchanged)
            return "";
        var unchanged = "";
        var columns = row.Columns;
        for (var i = 0; columns.Next(); i++)
        {
            if (columns.Kind == 'u')
                unchanged += (char)i;
        }

        return unchanged;
    }

    static IEnumerable<List<TupleData>> Split(IEnumerable<TupleData> rows)
    {
        var (part, bytes) = (new List<TupleData>(), 0L);
        foreach (var row in rows)
        {
            part.Add(row);
            bytes += row.Bytes.Length;
            if (part.Count < RowsPerCommand && bytes < BytesPerCommand)
                continue;
            yield return part;
            (part, bytes) = ([], 0);
        }

        if (part.Count > 0)
            yield return part;
    }
}
