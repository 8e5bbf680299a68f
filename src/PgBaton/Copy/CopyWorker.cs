using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>One session on each side, one part at a time. After a failure it can only be closed.</summary>
sealed class CopyWorker : IAsyncDisposable
{
    // Each table fires the gate's trigger, of which PL/pgSQL keeps a copy with its plans for every table until the session ends; and each change of
    // a catalog walks through all plans of the session.
    const int PartsOfOneSession = 200;

    readonly CopyRoute _route;
    readonly Snapshot _snapshot;
    readonly SourceTable _tables;
    readonly CopySource _source;
    TargetSession _target;
    int _parts;

    CopyWorker(CopyRoute route, Snapshot snapshot, SourceTable tables, CopySource source, TargetSession target)
        => (_route, _snapshot, _tables, _source, _target) = (route, snapshot, tables, source, target);

    public static async Task<CopyWorker> OpenAsync(CopyRoute route, Snapshot snapshot, SourceTable tables, CancellationToken ct)
    {
        var source = await route.OpenSourceAsync(ct);
        try
        {
            return new CopyWorker(route, snapshot, tables, source, await TargetSession.OpenAsync(route, ct));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="MigrationException">PB0402, PB0403, PB0407, PB0408, PB0409, PB0205.</exception>
    public async Task<PartOutcome> CopyAsync(TablePart part, TableProgress progress, CancellationToken ct)
    {
        try
        {
            await RenewTargetAsync(ct);
            return await CopyInOneTransactionAsync(part, progress, ct);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or InvalidDataException)
        {
            throw Errors.CopyFailed(part.Table.ToString(), failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    async Task RenewTargetAsync(CancellationToken ct)
    {
        if (_parts++ < PartsOfOneSession)
            return;
        await _target.DisposeAsync(); // First: the server may have no room for one more.
        _target = await TargetSession.OpenAsync(_route, ct);
        _parts = 0;
    }

    async Task<PartOutcome> CopyInOneTransactionAsync(TablePart part, TableProgress progress, CancellationToken ct)
    {
        await _target.Connection.ExecuteAsync("BEGIN", ct);
        if (!await CopyJournal.ClaimAsync(_target.Connection, part, ct))
        {
            await _target.Connection.ExecuteAsync("ROLLBACK", ct);
            return PartOutcome.Taken;
        }

        if (!await _tables.LockAsync(_source, _snapshot, part.Table, ct))
            return await GiveUpAsync(part.Table, ct);

        var copied = await LoadAsync(part, progress, ct);
        if (await CopyJournal.EndPartAsync(_target.Connection, part, copied, ct) is not { } left)
            return await RollBackAsync(PartOutcome.Taken, ct);
        if (left.Filenodes > 1)
            return await GiveUpAsync(part.Table, ct);
        if (left.Open == 0)
            await CopyJournal.EndTableAsync(_target.Connection, part.Table, left.Copied, progress.Seconds, ct);
        await JournalEpoch.CheckAsync(_target.Connection, _route.Epoch, ct);
        await _target.Connection.ExecuteAsync("COMMIT", ct);
        await _source.ExecuteAsync("COMMIT", ct);
        return new PartOutcome(left.Open == 0 ? PartOutcomeKind.TableDone : PartOutcomeKind.PartDone, copied, left.Copied);
    }

    async Task<CopyResult> LoadAsync(TablePart part, TableProgress progress, CancellationToken ct)
    {
        var table = part.Table;
        var freeze = !table.IsSplit && await _target.EmptyAsync(table, ct);
        var before = await InsertedAsync(table, ct);
        var copied = await CopyPipe.RunAsync(
            _source, table.CopyOut(part.Condition), _target.Connection, table.CopyIn(freeze), table.IsBinary, PassedAsync, ct);
        var inserted = await InsertedAsync(table, ct) - before;
        return inserted is null || inserted == copied.Rows ? copied : throw Errors.RowsDiffer(table.ToString(), copied.Rows, inserted.Value);

        ValueTask PassedAsync(int bytes, CancellationToken stop)
        {
            progress.Add(bytes);
            return _route.Brake.TakeAsync(bytes, stop);
        }
    }

    // Rows this transaction has inserted, as the server counts them itself; null where it does not count, or counts for the partitions.
    Task<long?> InsertedAsync(TableCopy table, CancellationToken ct)
        => table.Target.HoldsRows
            ? _target.Connection.QueryFirstAsync(
                "SELECT CASE WHEN pg_catalog.current_setting('track_counts')::bool THEN pg_catalog.pg_stat_get_xact_tuples_inserted($1) END",
                row => row.GetNullable<long?>(0), ct, table.Target.Oid)
            : Task.FromResult<long?>(null);

    // It needs a newer snapshot: no part of this generation may commit any more.
    async Task<PartOutcome> GiveUpAsync(TableCopy table, CancellationToken ct)
    {
        await RollBackAsync(PartOutcome.Changed, ct);
        await using var transaction = await _target.Connection.BeginTransactionAsync(ct);
        await CopyJournal.GiveUpAsync(_target.Connection, table, ct);
        await JournalEpoch.CheckAsync(_target.Connection, _route.Epoch, ct);
        await transaction.CommitAsync(ct);
        return PartOutcome.Changed;
    }

    async Task<PartOutcome> RollBackAsync(PartOutcome outcome, CancellationToken ct)
    {
        await _target.Connection.ExecuteAsync("ROLLBACK", ct);
        await _source.ExecuteAsync("ROLLBACK", ct);
        return outcome;
    }
}

/// <summary>How the attempt to copy a part ended.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Part">What was copied now.</param>
/// <param name="Table">The rows of all parts of its table that are done.</param>
readonly record struct PartOutcome(PartOutcomeKind Kind, CopyResult Part = default, CopyResult Table = default)
{
    public static PartOutcome Taken { get; } = new(PartOutcomeKind.Taken);

    public static PartOutcome Changed { get; } = new(PartOutcomeKind.Changed);
}

/// <summary>What became of a part.</summary>
enum PartOutcomeKind
{
    /// <summary>It is on the target; others of its table are not yet.</summary>
    PartDone,

    /// <summary>It was the last one: the table is whole.</summary>
    TableDone,

    /// <summary>Another worker has it, or a newer generation of the table has begun. Nothing was written.</summary>
    Taken,

    /// <summary>The table is no longer what the snapshot says. Nothing was written.</summary>
    Changed,
}
