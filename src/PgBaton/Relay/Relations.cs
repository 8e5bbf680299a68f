using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// The relations of this stream by oid, and from when on the changes of each are to be applied. The progress of the other way's relay is in the
/// stream too: it marks a transaction as our own, and nothing of such a one is applied.
/// </summary>
sealed class Relations
{
    readonly Dictionary<uint, Lsn> _copiedAt;
    readonly IReadOnlyDictionary<uint, (string Schema, string Name)> _names;
    readonly Dictionary<uint, TargetTable> _tables = [];
    readonly HashSet<uint> _progress = [];
    readonly HashSet<uint> _gone;
    readonly Dictionary<uint, MigrationException> _misfits = [];
    SourceTransaction? _applied;

    Relations(Dictionary<uint, Lsn> copiedAt, IReadOnlyDictionary<uint, (string Schema, string Name)> names, HashSet<uint> gone)
        => (_copiedAt, _names, _gone) = (copiedAt, names, gone);

    /// <summary>On the way back every change counts: that way starts where it does.</summary>
    public static async Task<Relations> LoadAsync(Migration migration, CancellationToken ct)
    {
        var query = migration.Direction.IsBack
            ? """
              SELECT c.oid, '0/0'::pg_lsn, r.schema, r.name
                FROM pgbaton.relation r
                JOIN pg_catalog.pg_namespace n ON n.nspname = r.schema
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = r.name
              """
            : "SELECT oid, copied_at, schema, name FROM pgbaton.relation WHERE copied";
        var rows = await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync(
                query, row => (Oid: row.GetFieldValue<uint>(0), CopiedAt: row.GetFieldValue<Lsn>(1), Schema: row.GetString(2), Name: row.GetString(3)), ct), ct);
        var gone = migration.Direction.IsBack ? null : await migration.Journal.GetFactAsync(Fact.GoneTables, ct);
        return new Relations(
            rows.ToDictionary(row => row.Oid, row => row.CopiedAt), rows.ToDictionary(row => row.Oid, row => (row.Schema, row.Name)),
            [.. (gone ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(oid => uint.Parse(oid, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Published on the way back: a transaction that moves it is a relay's of ours.</summary>
    public const string Progress = "pgbaton.progress";

    /// <summary>The row that a relay of ours moves in every transaction.</summary>
    public static bool IsProgress(StreamedRelation relation) => relation is { Schema: "pgbaton", Name: "progress" };

    /// <summary>
    /// Under the name that the target knows it by. A table that is renamed stays the same one: until that is settled, its rows go where they went before,
    /// and those that were written before it was renamed go to the new name when it has been.
    /// </summary>
    public StreamedRelation Named(StreamedRelation relation)
        => _names.TryGetValue(relation.Oid, out var name) ? relation with { Schema = name.Schema, Name = name.Name } : relation;

    /// <summary>True if rows of it that came before and rows that come now cannot share a command.</summary>
    public bool IsChangedBy(StreamedRelation relation)
        => _tables.TryGetValue(relation.Oid, out var known) && !known.Relation.HasShapeOf(relation);

    /// <summary>A table that does not fit the target is no failure yet: perhaps it has been copied since, and its rows are passed over.</summary>
    public async Task SetAsync(NpgsqlConnection target, StreamedRelation relation, CancellationToken ct)
    {
        if (IsProgress(relation))
            _progress.Add(relation.Oid);
        else if (!_gone.Contains(relation.Oid) && (!_tables.TryGetValue(relation.Oid, out var known) || !known.Relation.HasShapeOf(relation)))
            await OpenAsync(target, relation, ct);
    }

    async Task OpenAsync(NpgsqlConnection target, StreamedRelation relation, CancellationToken ct)
    {
        _tables.Remove(relation.Oid);
        _misfits.Remove(relation.Oid);
        try
        {
            _tables[relation.Oid] = await TargetTable.OpenAsync(target, relation, ct);
        }
        catch (MigrationException misfit)
        {
            _misfits[relation.Oid] = misfit;
        }
    }

    /// <summary>
    /// The table to apply a change to; null if the copy has it already: the transaction was in the copy's snapshot. Null for the progress, too, and for
    /// a table that is no longer moved.
    /// </summary>
    /// <exception cref="MigrationException">PB0505: it does not fit. PB0511: the progress comes behind rows that were already applied.</exception>
    public TargetTable? Find(uint oid, SourceTransaction transaction)
    {
        if (_progress.Contains(oid))
            return _applied != transaction ? null : throw Errors.OwnChangesCameBack(transaction.CommitLsn, transaction.Xid);
        if (_gone.Contains(oid))
            return null;
        if (_misfits.TryGetValue(oid, out var misfit))
            return _copiedAt.TryGetValue(oid, out var from) && transaction.CommitLsn < from ? null : throw misfit;
        _applied = transaction;
        var table = _tables.TryGetValue(oid, out var known) ? known : throw Errors.MalformedMessage('R', 0);
        return _copiedAt.TryGetValue(oid, out var copiedAt) ? transaction.CommitLsn >= copiedAt ? table : null : throw Errors.TableMissing(table.QualifiedName);
    }
}
