using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Every table of the journal that is not whole is copied from one snapshot. A table that was changed underneath is copied again from a newer one.
/// </summary>
static class CopyTables
{
    const int MostRounds = 8;

    public static Task RunAsync(Migration migration, CancellationToken ct)
        => Together.RunAsync([stop => CopyAsync(migration, stop), stop => LargeObjects.SyncAsync(migration, stop)], ct);

    /// <summary>The tables alone.</summary>
    public static Task CopyAsync(Migration migration, CancellationToken ct) => CopyAsync(migration, new SlotSnapshots(migration), ct);

    /// <summary>The tables alone, under these snapshots.</summary>
    public static async Task CopyAsync(Migration migration, CopySnapshots snapshots, CancellationToken ct)
    {
        await TargetSession.EndFormerAsync(migration.Journal, ct);
        await snapshots.BeginAsync(ct);
        var indexes = new IndexQueue(migration);
        foreach (var (schema, name, bytes) in await migration.Journal.TakeTurnAsync(c => CopyJournal.CopiedAsync(c, ct), ct))
            indexes.Add(schema, name, bytes);

        await Together.RunAsync([stop => CopyAllAsync(migration, snapshots, indexes, stop), indexes.RunAsync], ct);
        await FlushAsync(migration, ct);
    }

    /// <summary>Tables that pgbaton made go with the undo of pre-data; those that were there before become as empty as they were.</summary>
    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        await TargetSession.EndFormerAsync(migration.Journal, ct);
        await using var source = await migration.Source.OpenAsync("copy", ct);
        await ReplicationSlot.DropAsync(source, SlotSnapshots.NameOf(migration), ct);
        await LargeObjects.UndoAsync(migration, ct);
        if (!migration.Options.ExistingSchema)
            return;

        await using var target = await TargetSession.OpenAsync(CopyRoute.Of(migration), ct);
        await using var transaction = await target.Connection.BeginTransactionAsync(ct);
        var begun = (await CopyJournal.BegunAsync(target.Connection, ct)).ToHashSet();
        var tables = (await Table.ListAsync(target.Connection, ct)).Where(table => begun.Contains((table.Schema, table.Name))).ToList();
        var names = string.Join(", ", tables.Select(table => $"{(table.HoldsRows ? "ONLY " : "")}{table}"));
        if (tables.Count > 0) // All in one command, because foreign keys between them would refuse one alone.
            await target.Connection.ExecuteAsync($"TRUNCATE {names}", ct);
        await CopyJournal.ForgetAsync(target.Connection, ct);
        await JournalEpoch.CheckAsync(target.Connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    static async Task CopyAllAsync(Migration migration, CopySnapshots snapshots, IndexQueue indexes, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            var unfinished = await migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, ct), ct);
            if (unfinished.Count == 0)
                break;
            if (round > MostRounds)
                throw Errors.KeepsChanging(Sql.Identifier(unfinished[0].Schema, unfinished[0].Name), MostRounds);

            await using var snapshot = await snapshots.TakeAsync(ct);
            var plan = await CopyPlan.MakeAsync(migration, snapshot, unfinished, ct);
            Announce(migration, plan, snapshots.Describe(snapshot), round);
            var changed = await CopyAsync(migration, snapshot, plan, indexes, ct);
            await snapshots.ReadAsync(snapshot, changed, ct);
        }

        indexes.Complete();
    }

    // Returns the tables that have changed since the snapshot. While it lives, workers anywhere may take parts.
    static async Task<IReadOnlyCollection<TableCopy>> CopyAsync(
        Migration migration, ExportedSnapshot snapshot, IReadOnlyList<TableCopy> plan, IndexQueue indexes, CancellationToken ct)
    {
        await CopyOffer.MakeAsync(migration, snapshot, ct);
        var round = new CopyRound(
            CopyRoute.Of(migration), snapshot, plan, (oids, stop) => migration.Journal.TakeTurnAsync(c => CopyJournal.LookAsync(c, oids, stop), stop),
            done => indexes.Add(done.Source.Schema, done.Source.Name, done.Source.Bytes));
        await round.RunAsync(migration.Options.Jobs, ct);
        await CopyOffer.WithdrawAsync(migration, ct);
        var unfinished = (await migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, ct), ct)).Select(table => table.Oid).ToHashSet();
        return [.. plan.Where(table => unfinished.Contains(table.Oid))];
    }

    static void Announce(Migration migration, IReadOnlyList<TableCopy> plan, string when, int round)
    {
        migration.Report(new Notice($"copying {plan.Count} {(plan.Count == 1 ? "table" : "tables")} {when}"));
        foreach (var table in plan.Where(table => round == 1 && !table.Source.IsLogged && Lane.Of(migration.Options).Follows))
            migration.Report(new Notice($"{table} is unlogged: its rows are copied as of now, and once more inside the fence"));
    }

    /// <summary>Nothing is copied any more, and nothing verified; no part that is on its way can commit.</summary>
    public static Task ForgetAsync(Migration migration, CancellationToken ct)
        => migration.Journal.TakeTurnAsync(
            async c =>
            {
                await using var transaction = await c.BeginTransactionAsync(ct);
                await CopyJournal.ForgetAsync(c, ct);
                await c.ExecuteAsync("DELETE FROM pgbaton.verification", ct);
                await JournalEpoch.CheckAsync(c, migration.Journal.Epoch, ct);
                await transaction.CommitAsync(ct);
                return true;
            }, ct);

    // The one commit that waits for the disk, and with it for everything that was committed before it.
    static Task FlushAsync(Migration migration, CancellationToken ct)
        => migration.Journal.TakeTurnAsync(
            async c =>
            {
                await using var transaction = await c.BeginTransactionAsync(ct);
                await c.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
                await c.ExecuteAsync("UPDATE pgbaton.relation SET copied = copied WHERE oid = (SELECT min(oid) FROM pgbaton.relation)", ct);
                await transaction.CommitAsync(ct);
                return true;
            }, ct);
}
