using System.Runtime.InteropServices;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Writes the net effect of many changes, a set of rows to a command, behind a savepoint. Where the target refuses a set, or a set touches more or
/// fewer rows than it must, nothing has happened, and what is right or wrong is left to the changes one after the other.
/// </summary>
sealed class SetWriter(NpgsqlConnection connection)
{
    /// <summary>So long a table whose sets were refused is written in order: two rows that swap a unique value may do so again soon.</summary>
    const int OrderedBatches = 20;

    const int BytesOfCopyData = 64 * 1024;

    readonly CopyText _text = new();
    bool _hasSavepoint;

    /// <summary>The transaction has ended, and the savepoint with it.</summary>
    public void End() => _hasSavepoint = false;

    /// <summary>In the open transaction. False: nothing was written.</summary>
    /// <param name="rest">Changes of tables that cannot be written as sets; they are left to be written in order, before or after.</param>
    public async Task<bool> TryWriteAsync(List<Change> changes, List<Change> rest, CancellationToken ct)
    {
        var found = FindEffects(changes);
        if (found.ContainsValue(null))
            rest.AddRange(changes.Where(change => found[change.Table] is null));
        var effects = found.Values.OfType<NetEffect>().ToList();
        effects.ForEach(effect => effect.Settle());
        return effects.Count == 0 || await TryWriteAsync(effects, ct);
    }

    // Of each table; null where there is none.
    static Dictionary<TargetTable, NetEffect?> FindEffects(List<Change> changes)
    {
        var effects = new Dictionary<TargetTable, NetEffect?>();
        foreach (ref readonly var change in CollectionsMarshal.AsSpan(changes))
        {
            ref var effect = ref CollectionsMarshal.GetValueRefOrAddDefault(effects, change.Table, out var isKnown);
            if (!isKnown && MayBeSets(change.Table))
                effect = new NetEffect(change.Table);
            if (effect?.TryAdd(change) == false)
                effect = null;
        }

        return effects;
    }

    static bool MayBeSets(TargetTable table)
    {
        if (table.OrderedBatches == 0)
            return !table.IsOrdered;
        table.OrderedBatches--;
        return false;
    }

    async Task<bool> TryWriteAsync(List<NetEffect> effects, CancellationToken ct)
    {
        var sets = effects.SelectMany(RowSet.Of).ToList();
        await using var batch = new NpgsqlBatch(connection);
        if (_hasSavepoint)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("RELEASE SAVEPOINT sets"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SAVEPOINT sets"));
        foreach (var set in sets)
            batch.BatchCommands.Add(set.Command);

        var table = sets.FirstOrDefault()?.Table;
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            _hasSavepoint = true;
            if (sets.Find(set => set.Command.RecordsAffected != set.RowCount) is { } wrong)
                return await TakeBackAsync(wrong.Table, ct);
            foreach (var effect in effects.Where(effect => effect.InsertsAreMany))
                await CopyAsync(table = effect.Table, effect.Inserts, ct);
            return true;
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal) && (_hasSavepoint || sets.Exists(set => set.Command == refusal.BatchCommand)))
        {
            return await TakeBackAsync(sets.Find(set => set.Command == refusal.BatchCommand)?.Table ?? table!, ct);
        }
    }

    async Task<bool> TakeBackAsync(TargetTable table, CancellationToken ct)
    {
        table.OrderedBatches = OrderedBatches;
        await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT sets", ct);
        _hasSavepoint = true;
        return false;
    }

    async Task CopyAsync(TargetTable table, IReadOnlyList<TupleData> rows, CancellationToken ct)
    {
        var columns = string.Join(", ", table.StoredColumns.Select(table.Name));
        var stream = (NpgsqlRawCopyStream)((StreamWriter)await connection.BeginTextImportAsync($"COPY {table.QualifiedName} ({columns}) FROM STDIN", ct)).BaseStream;
        try
        {
            foreach (var row in rows)
            {
                _text.Add(row, i => table.ColumnAt(i) is not null);
                if (_text.Written.Length < BytesOfCopyData)
                    continue;
                await stream.WriteAsync(_text.Written, ct);
                _text.Clear();
            }

            await stream.WriteAsync(_text.Written, ct);
            _text.Clear();
        }
        catch
        {
            CopyPipe.LeaveAlone(stream);
            throw;
        }

        await CopyPipe.EndAsync(stream, ct);
    }
}
