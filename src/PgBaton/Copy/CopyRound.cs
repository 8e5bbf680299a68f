using System.Collections.Concurrent;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Copies tables from one snapshot, several parts at a time. A table that turns out to have changed since the snapshot is given up: it
/// needs a newer one.
/// </summary>
sealed class CopyRound
{
    readonly Migration _migration;
    readonly ExportedSnapshot _snapshot;
    readonly ConcurrentQueue<TablePart> _parts;
    readonly ConcurrentDictionary<uint, TableProgress> _progress = [];
    readonly ConcurrentDictionary<uint, TableCopy> _changed = [];
    readonly Action<TableCopy> _tableDone;

    public CopyRound(Migration migration, ExportedSnapshot snapshot, IReadOnlyList<TableCopy> plan, Action<TableCopy> tableDone)
    {
        (_migration, _snapshot, _tableDone) = (migration, snapshot, tableDone);
        _parts = new(plan.SelectMany(table => table.Parts).OrderByDescending(part => part.BytesEstimate));
    }

    /// <summary>Returns the tables that have changed.</summary>
    public async Task<IReadOnlyCollection<TableCopy>> RunAsync(CancellationToken ct)
    {
        await using var tables = await SourceTable.OpenAsync(_migration, ct);
        var workers = Math.Max(1, Math.Min(_migration.Options.Jobs, _parts.Count));
        await Together.RunAsync(Enumerable.Range(0, workers).Select<int, Func<CancellationToken, Task>>(_ => stop => WorkAsync(tables, stop)), ct);
        return [.. _changed.Values];
    }

    async Task WorkAsync(SourceTable tables, CancellationToken ct)
    {
        await using var worker = await CopyWorker.OpenAsync(_migration, _snapshot, tables, ct);
        while (_parts.TryDequeue(out var part))
        {
            if (_changed.ContainsKey(part.Table.Oid))
                continue;
            var progress = _progress.GetOrAdd(part.Table.Oid, _ => new TableProgress(_migration, part.Table));
            await ConcludeAsync(part.Table, await worker.CopyAsync(part, progress, ct), progress, ct);
        }
    }

    async Task ConcludeAsync(TableCopy table, PartOutcome outcome, TableProgress progress, CancellationToken ct)
    {
        switch (outcome.Kind)
        {
            case PartOutcomeKind.PartDone:
                progress.PartDone();
                break;
            case PartOutcomeKind.TableDone:
                _migration.Report(new TableCopied(table.ToString(), outcome.Copied.Rows, outcome.Copied.Bytes, _snapshot.ConsistentPoint.ToString()));
                _tableDone(table);
                break;
            case PartOutcomeKind.Changed when _changed.TryAdd(table.Oid, table):
                await _migration.Journal.TakeTurnAsync(
                    async c =>
                    {
                        await CopyJournal.GiveUpAsync(c, table, ct);
                        return true;
                    }, ct);
                _migration.Report(new Notice($"{table} was changed on the source while it was copied; it is copied again"));
                break;
        }
    }
}
