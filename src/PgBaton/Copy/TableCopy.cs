using PgBaton.Catalog;

namespace PgBaton.Copy;

/// <summary>How the rows of one table are moved; decided under the snapshot they are read with.</summary>
/// <param name="Source">As the snapshot sees it.</param>
/// <param name="Target">The table of the same name.</param>
/// <param name="Identity">As the snapshot sees it.</param>
/// <param name="Columns">Those that are sent, of the source; the ones the target generates are left out.</param>
/// <param name="NeedsQuery">COPY of the table itself would leave something out.</param>
/// <param name="IsBinary">Format of the COPY on both sides.</param>
/// <param name="IsReferenced">Foreign keys of other tables on the target refer to it: TRUNCATE is refused then.</param>
/// <param name="Conditions">One for each part; a single null is the whole table at once.</param>
/// <param name="Generation">Of the journal's row; a part commits only into this one.</param>
sealed record TableCopy(
    Table Source, Table Target, TableIdentity Identity, IReadOnlyList<Column> Columns, bool NeedsQuery, bool IsBinary, bool IsReferenced,
    IReadOnlyList<string?> Conditions, int Generation = 0)
{
    public uint Oid => Source.Oid;

    /// <summary>Several parts: they load beside each other, so none of them may empty the table.</summary>
    public bool IsSplit => Conditions.Count > 1;

    /// <summary>A page at most. A table without rows that could have large values has one, of an index.</summary>
    public bool IsSmall => Source.Bytes <= 8192;

    public IEnumerable<TablePart> Parts => Conditions.Select((condition, index) => new TablePart(this, index + 1, condition));

    /// <summary>Reads this table alone, without those that inherit from it.</summary>
    public string CopyOut(string? condition)
    {
        var from = NeedsQuery || Source.HasChildren || condition is not null
            ? $"(SELECT {ColumnList} FROM ONLY {Source.QualifiedName}{(condition is null ? "" : $" WHERE {condition}")})"
            : $"{Source.QualifiedName} ({ColumnList})";
        return $"COPY {from} TO STDOUT (FORMAT {Format})";
    }

    public string CopyIn(bool freeze)
    {
        var columns = Columns.Count == 0 ? "" : $" ({ColumnList})";
        return $"COPY {Target.QualifiedName}{columns} FROM STDIN (FORMAT {Format}{(freeze ? ", FREEZE true" : "")})";
    }

    string Format => IsBinary ? "binary" : "text";

    string ColumnList => string.Join(", ", Columns.Select(column => column.QuotedName));

    public override string ToString() => Source.QualifiedName;
}

/// <summary>What one transaction on the target copies.</summary>
/// <param name="Number">From 1, as in the journal.</param>
/// <param name="Condition">On the source's rows; null is the whole table.</param>
sealed record TablePart(TableCopy Table, int Number, string? Condition)
{
    /// <summary>For the order: largest first.</summary>
    public long BytesEstimate => Table.Source.Bytes / Table.Conditions.Count;
}
