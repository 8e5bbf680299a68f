using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>The relations of this stream by oid, and from when on the changes of each are to be applied.</summary>
sealed class Relations
{
    readonly Dictionary<uint, Lsn> _copiedAt;
    readonly Dictionary<uint, TargetTable> _tables = [];

    Relations(Dictionary<uint, Lsn> copiedAt) => _copiedAt = copiedAt;

    public static async Task<Relations> LoadAsync(NpgsqlConnection target, CancellationToken ct)
    {
        var rows = await target.QueryAsync(
            "SELECT oid, copied_at FROM pgbaton.relation WHERE copied", row => (row.GetFieldValue<uint>(0), row.GetFieldValue<Lsn>(1)), ct);
        return new Relations(rows.ToDictionary(row => row.Item1, row => row.Item2));
    }

    /// <summary>True if rows of it that came before and rows that come now cannot share a command.</summary>
    public bool IsChangedBy(StreamedRelation relation)
        => _tables.TryGetValue(relation.Oid, out var known) && !known.Relation.HasShapeOf(relation);

    public async Task SetAsync(NpgsqlConnection target, StreamedRelation relation, CancellationToken ct)
    {
        if (!_tables.TryGetValue(relation.Oid, out var known) || !known.Relation.HasShapeOf(relation))
            _tables[relation.Oid] = await TargetTable.OpenAsync(target, relation, ct);
    }

    /// <summary>The table to apply a change to; null if the copy has it already: the transaction was in the copy's snapshot.</summary>
    public TargetTable? Find(uint oid, SourceTransaction transaction)
    {
        var table = _tables.TryGetValue(oid, out var known) ? known : throw Errors.MalformedMessage('R', 0);
        return _copiedAt.TryGetValue(oid, out var copiedAt) ? transaction.CommitLsn >= copiedAt ? table : null : throw Errors.TableMissing(table.QualifiedName);
    }
}
