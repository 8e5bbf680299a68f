namespace PgBaton.Status;

/// <summary>The command to type next.</summary>
static class NextCommand
{
    /// <param name="state">As in <see cref="MigrationStatus.State"/>.</param>
    /// <param name="tables">Verified, or not yet.</param>
    /// <param name="wasInSync">The target was in step once, so that verify and cutover, which become the engine, catch up by themselves.</param>
    /// <param name="isRunning">There is an engine.</param>
    public static string? For(string state, TableCounts tables, bool wasInSync, bool isRunning) => state switch
    {
        "none" => "pgbaton check",
        "stopped" when !wasInSync => "pgbaton migrate",
        "stopped" or "in-sync" => tables.Verified < tables.Total ? "pgbaton verify" : "pgbaton cutover",
        "on-target" => "pgbaton finish",
        "finished" => isRunning ? "pgbaton status --watch" : "pgbaton finish",
        _ => "pgbaton status --watch",
    };
}
