using System.Collections.Concurrent;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Copies tables from one snapshot, several parts at a time, beside other processes that do the same. A table that turns out to have changed since
/// the snapshot is given up: it needs a newer one.
/// </summary>
/// <param name="route">From where to where.</param>
/// <param name="snapshot">That the plan is of.</param>
/// <param name="plan">The tables, of the generations that the journal has.</param>
/// <param name="lookAsync">What the journal says of those tables now.</param>
/// <param name="tableDone">A table is whole, whoever copied its last part.</param>
sealed class CopyRound(
    CopyRoute route, Snapshot snapshot, IReadOnlyList<TableCopy> plan, Func<uint[], CancellationToken, Task<CopyState>> lookAsync, Action<TableCopy> tableDone)
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    readonly PartQueue _parts = new(plan.SelectMany(table => table.Parts).OrderByDescending(part => part.BytesEstimate));
    readonly ConcurrentDictionary<uint, TableCopy> _going = new(plan.ToDictionary(table => table.Oid));
    readonly ConcurrentDictionary<uint, TableProgress> _progress = [];
    long _copiedParts, _copiedRows, _copiedBytes;
    bool _hasWaited;

    /// <summary>By this process.</summary>
    public CopiedHere Copied => new(Interlocked.Read(ref _copiedParts), Interlocked.Read(ref _copiedRows), Interlocked.Read(ref _copiedBytes));

    /// <summary>Ends when no part is open any more: each table is whole, or given up.</summary>
    public async Task RunAsync(int jobs, CancellationToken ct)
    {
        await using var tables = await SourceTable.OpenAsync(route, ct);
        var workers = Math.Max(1, Math.Min(jobs, _parts.Count));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var strain = new SourceStrain(route, tables).WatchAsync(over.Token);
        try
        {
            await Together.RunAsync(
                [.. Enumerable.Repeat<Func<CancellationToken, Task>>(stop => WorkAsync(tables, stop), workers), LookAfterOthersAsync], ct);
        }
        finally
        {
            await over.EndAsync(strain); // Whatever became of it: it is not what the copy depends on.
        }
    }

    async Task WorkAsync(SourceTable tables, CancellationToken ct)
    {
        await using var worker = await CopyWorker.OpenAsync(route, snapshot, tables, ct);
        while (await _parts.NextAsync(ct) is { } part)
        {
            var progress = _progress.GetOrAdd(part.Table.Oid, _ => new TableProgress(route, part.Table));
            var outcome = await worker.CopyAsync(part, progress, ct);
            Conclude(part.Table, outcome, progress);
            _parts.GiveBack(part, outcome.Kind);
        }
    }

    void Conclude(TableCopy table, PartOutcome outcome, TableProgress progress)
    {
        if (outcome.Kind is PartOutcomeKind.PartDone or PartOutcomeKind.TableDone)
        {
            Interlocked.Increment(ref _copiedParts);
            Interlocked.Add(ref _copiedRows, outcome.Part.Rows);
            Interlocked.Add(ref _copiedBytes, outcome.Part.Bytes);
        }

        if (outcome.Kind == PartOutcomeKind.PartDone)
            progress.PartDone();
        else if (outcome.Kind == PartOutcomeKind.TableDone)
            Done(table, outcome.Table);
        else if (outcome.Kind == PartOutcomeKind.Changed && _going.TryRemove(table.Oid, out _))
            route.Report(new Notice($"{table} was changed on the source while it was copied; it is copied again"));
    }

    // What other processes have done, and what those that died have left.
    async Task LookAfterOthersAsync(CancellationToken ct)
    {
        while (!await _parts.IsOverWithinAsync(_interval, route.Time, ct))
        {
            var state = await lookAsync([.. _going.Keys], ct);
            foreach (var (oid, copied) in state.Whole)
                Done(_going.GetValueOrDefault(oid), copied);
            var isWithOthers = _parts.IsWithOthers;
            _parts.Narrow(state.Open);
            if (isWithOthers && _parts.Count > 0 && !_hasWaited)
            {
                _hasWaited = true;
                route.Report(new Notice($"{_parts.Count} parts are in the hands of other workers; a part whose worker dies is copied here"));
            }
        }
    }

    void Done(TableCopy? table, CopyResult copied)
    {
        if (table is null || !_going.TryRemove(table.Oid, out _))
            return;
        route.Report(new TableCopied(table.ToString(), copied.Rows, copied.Bytes, snapshot.ConsistentPoint.ToString()));
        tableDone(table);
    }
}

/// <summary>What the journal says of tables.</summary>
/// <param name="Open">Parts of their newest generation that are not done.</param>
/// <param name="Whole">Tables that are copied, with what they hold.</param>
sealed record CopyState(IReadOnlySet<(uint Table, int Number)> Open, IReadOnlyDictionary<uint, CopyResult> Whole);
