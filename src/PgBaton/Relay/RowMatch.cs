namespace PgBaton.Relay;

/// <summary>
/// The condition that finds the source's row on the target: by key, or by every column and then exactly one row of several equal ones.
/// Rows that are equal but not identical (1.0 and 1.00, -0 and 0) are told apart: without a key, values are compared as they are printed.
/// </summary>
sealed class RowMatch
{
    readonly TargetTable _table;
    readonly TupleValue[] _old;
    readonly int[] _columns;

    public RowMatch(TargetTable table, TupleValue[] old)
    {
        (_table, _old) = (table, old);
        _columns = table.KeyColumns.Count > 0
            ? [.. table.KeyColumns]
            : [.. Enumerable.Range(0, old.Length).Where(i => table.ColumnAt(i) is not null && !old[i].IsUnchanged)];
    }

    /// <summary>Rows with the same pattern have the same condition.</summary>
    public string Pattern => string.Concat(_columns.Select(i => _old[i].IsNull ? 'n' : 'v'));

    public IEnumerable<TupleValue> Values => _columns.Select(i => _old[i]).Where(value => !value.IsNull);

    /// <param name="before">Parameters that stand before those of the condition.</param>
    public string Condition(int before)
    {
        var terms = new List<string>();
        // Not IS NULL: of a composite value that asks whether its fields are null.
        foreach (var i in _columns)
            terms.Add(_old[i].IsNull ? $"r.{_table.Name(i)} IS NOT DISTINCT FROM NULL" : Term(i, ++before));
        var condition = terms.Count == 0 ? "true" : string.Join(" AND ", terms);
        return _table.KeyColumns.Count > 0
            ? condition
            : $"r.ctid = (SELECT r.ctid FROM ONLY {_table.QualifiedName} AS r WHERE {condition} LIMIT 1)";
    }

    string Term(int i, int parameter)
    {
        var name = $"r.{_table.Name(i)}";
        if (_table.KeyColumns.Count > 0)
            return _table.Match(i, $"${parameter}");
        return EqualMeansIdentical(_table.ColumnAt(i)!.TypeOid)
            ? $"{name} OPERATOR(pg_catalog.=) ${parameter}"
            : $"({name} IS DISTINCT FROM NULL AND pg_catalog.format('%s', {name}) OPERATOR(pg_catalog.=) ${parameter} COLLATE \"C\")";
    }

    // bool, bytea, int8, int2, int4, oid, date, timestamp, timestamptz, uuid: values that are equal have the same bytes.
    static bool EqualMeansIdentical(uint typeOid) => typeOid is 16 or 17 or 20 or 21 or 23 or 26 or 1082 or 1114 or 1184 or 2950;
}
