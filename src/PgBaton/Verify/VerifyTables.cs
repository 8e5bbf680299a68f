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
        var done = options.WordId is { } word ? await VerificationJournal.SinceAsync(migration.Journal, word, ct) : [];
        var scope = (await VerifiedScope.ReadAsync(migration, options, ct)).Without(done.Select(table => new TableName(table.Schema, table.Name)));
        if (scope.Wanted is [] && (options.OnlyUnverified || done.Count > 0))
            return new VerificationReport(done, []);
        if (done.Count > 0)
            migration.Report(new Notice($"{done.Count} {(done.Count == 1 ? "table was" : "tables were")} verified already, and {(done.Count == 1 ? "is" : "are")} not verified again"));
        var report = await TellingWhyNotAsync(migration, () => CompareAsync(
            migration.Source, migration.Target, scope, options with { Jobs = options.Jobs ?? migration.Options.Jobs }, take,
            async (table, token) =>
            {
                var kept = await VerificationJournal.WriteAsync(migration.Journal, table, token);
                if (table.IsEqual && migration.Fence is null && Lane.Of(migration.Options).Follows)
                    await StrikeOffAsync(migration, table, token);
                migration.Report(new TableVerified(table.Table, table.Rows, table.IsEqual));
                return kept;
            },
            migration.Report, ct));
        return report with { Tables = Sort(done.Concat(report.Tables)) };
    }

    /// <summary>Two databases that nobody writes to, whatever a journal says: every table of the source.</summary>
    public static Task<VerificationReport> AtRestAsync(Server source, Server target, VerifyOptions options, CancellationToken ct)
        => AtRestAsync(source, target, options, token => SnapshotPair.AtRestAsync(source, target, lsn: null, token), ct);

    /// <summary>The same under snapshots that the caller takes.</summary>
    public static Task<VerificationReport> AtRestAsync(
        Server source, Server target, VerifyOptions options, Func<CancellationToken, Task<SnapshotPair>> take, CancellationToken ct)
        => CompareAsync(source, target, VerifiedScope.Everything, options, take, (table, _) => Task.FromResult(table), _ => { }, ct);

    /// <summary>Inside the fence nobody writes and everything is applied: two plain snapshots will do.</summary>
    public static async Task<SnapshotPair> TakePairAsync(Migration migration, CancellationToken ct)
        => migration.Fence is null
            ? await Lane.Of(migration.Options).TakePairAsync(migration, ct)
            : await SnapshotPair.AtRestAsync(
                migration.Source, migration.Target, await VerificationJournal.AppliedLsnAsync(migration.Journal, ct), ct);

    // Whoever looks on would wait for its end.
    static async Task<VerificationReport> TellingWhyNotAsync(Migration migration, Func<Task<VerificationReport>> compare)
    {
        try
        {
            return await compare();
        }
        catch (MigrationException failure)
        {
            migration.Report(new VerifyStopped(failure.Message));
            throw;
        }
    }

    static async Task<VerificationReport> CompareAsync(
        Server source, Server target, VerifiedScope scope, VerifyOptions options, Func<CancellationToken, Task<SnapshotPair>> take,
        Func<TableVerification, CancellationToken, Task<TableVerification>> keep, Action<MigrationEvent> report, CancellationToken ct)
    {
        var reach = new Reach(report, TimeProvider.System);
        var comparison = new TableComparison(await RowDigest.ForAsync(source, target, options, ct), options, reach);
        var compared = new ConcurrentBag<TableVerification>();
        var notCompared = await new TableRounds(source, target, options.Jobs ?? 1, options.MaxRate) { Expect = reach.Expect }.RunAsync(
            scope, take,
            async (pair, token) =>
            {
                var table = await comparison.RunAsync(pair, token);
                compared.Add(await keep(table, token));
            },
            ct);
        foreach (var table in notCompared)
            report(new Notice($"table {table.Table} was not compared: {table.Reason}"));
        if (!compared.IsEmpty)
            report(new VerifyDone(compared.Count, compared.Count(table => !table.IsEqual)));
        return new VerificationReport(Sort(compared), notCompared);
    }

    // What the relay has written before the point of the comparison was compared with the rest.
    static async Task StrikeOffAsync(Migration migration, TableVerification table, CancellationToken ct)
    {
        var touched = (await migration.RelayAsync(ct)).Touched;
        if (touched.List().FirstOrDefault(known => known.QualifiedName == table.Table) is not { } written)
            return;
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("verify", ct);
        await touched.StrikeOffAsync(subscriber, [written], migration.Journal.Epoch, ct);
    }

    static IReadOnlyList<TableVerification> Sort(IEnumerable<TableVerification> tables)
        => [.. tables.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal)];
}
