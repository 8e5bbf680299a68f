namespace PgBaton.Cutover;

/// <summary>
/// The other way starts here, while nobody can write on either side: whatever the subscriber's writers will commit lies behind this point of
/// its WAL, and a marker has come back from there.
/// </summary>
static class StartReverse
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        var fence = migration.Fence ?? throw Errors.FenceLost(migration.Direction);
        if (fence.Early is not { } early)
            return;
        await fence.WithinBudgetAsync(async limited =>
        {
            var start = (await early.StartAsync(migration.Journal.Epoch, limited)).ToString();
            await migration.Journal.SetFactAsync(Fact.ReverseLsn, start, limited);
            migration.Report(new ReverseStarted(start));
        }, ct);
    }
}
