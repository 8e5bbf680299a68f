using System.Collections.Concurrent;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>Compares every row of every table in scope on both sides, at one point of the source's history.</summary>
static class VerifyTables
{
    /// <summary>While writers run; inside the fence, without the relay's help. The newest result of each table is kept in the journal.</summary>
    /// <exception cref="MigrationException">PB0602, PB0603, PB0604, PB0605. That tables differ is no exception but the report's.</exception>
    public static Task<VerificationReport> RunAsync(Migration migration, VerifyOptions options, CancellationToken ct)
        => RunAsync(migration, options, token => TakePairAsync(migration, token), ct);

    /// <summary>The same under snapshots that the caller takes.</summary>
    public static async Task<VerificationReport> RunAsync(
        Migration migration, VerifyOptions options, Func<CancellationToken, Task<SnapshotPair>> take, CancellationToken ct)
    {
        var scope = await VerifiedScope.ReadAsync(migration, options, ct);
        if (scope.Wanted is [] && options.OnlyUnverified)
            return new VerificationReport([], []);
        return await CompareAsync(
            migration.Source, migration.Target, scope, options with { Jobs = options.Jobs ?? migration.Options.Jobs }, take,
            async (table, token) =>
            {
                await VerificationJournal.WriteAsync(migration.Journal, table, token);
                migration.Report(new TableVerified(table.Table, table.Rows, table.IsEqual));
            },
            migration.Report, ct);
    }

    /// <summary>Two databases that nobody writes to, whatever a journal says: every table of the source.</summary>
    public static Task<VerificationReport> AtRestAsync(Server source, Server target, VerifyOptions options, CancellationToken ct)
        => AtRestAsync(source, target, options, token => SnapshotPair.AtRestAsync(source, target, lsn: null, token), ct);

    /// <summary>The same under snapshots that the caller takes.</summary>
    public static Task<VerificationReport> AtRestAsync(
        Server source, Server target, VerifyOptions options, Func<CancellationToken, Task<SnapshotPair>> take, CancellationToken ct)
        => CompareAsync(source, target, VerifiedScope.Everything, options, take, (_, _) => Task.CompletedTask, _ => { }, ct);

    /// <summary>Inside the fence nobody writes and everything is applied: two plain snapshots will do.</summary>
    public static async Task<SnapshotPair> TakePairAsync(Migration migration, CancellationToken ct)
        => migration.Fence is null
            ? await SnapshotPair.ThroughRelayAsync(migration, ct)
            : await SnapshotPair.AtRestAsync(
                migration.Source, migration.Target, await VerificationJournal.AppliedLsnAsync(migration.Journal, ct), ct);

    static async Task<VerificationReport> CompareAsync(
        Server source, Server target, VerifiedScope scope, VerifyOptions options, Func<CancellationToken, Task<SnapshotPair>> take,
        Func<TableVerification, CancellationToken, Task> keep, Action<MigrationEvent> report, CancellationToken ct)
    {
        var digest = options.Sha256 ? RowDigest.Sha256 : await RowDigest.ChooseAsync(source, target, ct);
        var comparison = new TableComparison(digest, options, report);
        var compared = new ConcurrentBag<TableVerification>();
        var notCompared = await new TableRounds(source, target, options.Jobs ?? 1).RunAsync(
            scope, take,
            async (pair, token) =>
            {
                var table = await comparison.RunAsync(pair, token);
                await keep(table, token);
                compared.Add(table);
            },
            ct);
        foreach (var table in notCompared)
            report(new Notice($"table {table.Table} was not compared: {table.Reason}"));
        return new VerificationReport(
            [.. compared.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal)], notCompared);
    }
}
