namespace PgBaton.Verify;

/// <summary>
/// Makes rows that differ on the subscriber what they are on the publisher. The relay stands still meanwhile, at the very point at which the
/// publisher is read, so that nothing can come between; the application goes on. What was mended is verified again.
/// </summary>
static class RepairTables
{
    // Each mends as many rows as a comparison opens at a time. More than that is no repair but another copy.
    const int Rounds = 20;

    /// <summary>Returns the report with the tables as they are now; some may still differ.</summary>
    /// <exception cref="MigrationException">PB0607: a table differs in more than rows. PB0608.</exception>
    public static async Task<VerificationReport> RunAsync(Migration migration, VerifyOptions options, VerificationReport report, CancellationToken ct)
    {
        if (report.Tables.FirstOrDefault(table => table.Reason is not null) is { Reason: { } reason } other)
            throw Errors.CannotRepair(other.Table, reason);
        for (var round = 1; round <= Rounds && !report.IsEqual; round++)
        {
            var differing = report.Tables.Where(table => !table.IsEqual).Select(table => new TableName(table.Schema, table.Name)).ToList();
            var those = options with { Tables = differing, WordId = null, OnlyUnverified = false };
            await MendAsync(migration, those, ct);
            var again = await VerifyTables.RunAsync(migration, those, ct);
            report = report with
            {
                Tables = [.. report.Tables.Select(table => again.Tables.FirstOrDefault(other => other.Table == table.Table) ?? table)],
            };
        }

        return report;
    }

    // As fast as the servers are: the target falls behind until it is over.
    static async Task MendAsync(Migration migration, VerifyOptions options, CancellationToken ct)
    {
        var digest = await RowDigest.ForAsync(migration.Source, migration.Target, options, ct);
        var comparison = new TableComparison(digest, options with { MaxRate = null }, new Reach(_ => { }, migration.Time));
        var scope = await VerifiedScope.ReadAsync(migration, options, ct);
        var relay = await migration.RelayAsync(ct);
        await relay.PassMarkerAsync(ct); // So that the hold is short.
        await using var hold = await relay.HoldAsync(ct);
        await new TableRounds(migration.Source, migration.Target, options.Jobs ?? migration.Options.Jobs).RunAsync(
            scope, token => SnapshotPair.UnderHoldAsync(migration, hold, token),
            async (pair, token) =>
            {
                if (TableComparison.WhyDifferent(pair) is { } reason)
                    throw Errors.CannotRepair(pair.Name.ToString(), reason);
                if (!pair.HoldsRows)
                    throw Errors.CannotRepair(pair.Name.ToString(), "it is partitioned on one side and not on the other");
                var table = new TableDigest(pair.Left!, pair.Right!, digest);
                if (await comparison.FindAsync(pair, table, token) is { } found)
                    await RowRepair.RunAsync(migration, pair, table, found, token);
            },
            ct);
    }
}
