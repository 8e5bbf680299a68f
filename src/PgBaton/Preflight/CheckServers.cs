namespace PgBaton.Preflight;

static class CheckServers
{
    public static Task RunAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;

    /// <summary>What must hold before a journal is written to the target: nothing may be changed on a server that cannot be used.</summary>
    public static Task BeforeJournalAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;
}
