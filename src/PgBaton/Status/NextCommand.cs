namespace PgBaton.Status;

/// <summary>The command to type next.</summary>
static class NextCommand
{
    /// <param name="state">As in <see cref="MigrationStatus.State"/>.</param>
    /// <param name="tables">Verified, or not yet.</param>
    /// <param name="wasInSync">The target was in step once, so that verify and cutover, which become the engine, catch up by themselves.</param>
    /// <param name="isRunning">There is an engine.</param>
    /// <param name="hasWayBack">Somebody has to carry changes back, or the target keeps WAL for it.</param>
    public static string? For(string state, TableCounts tables, bool wasInSync, bool isRunning, bool hasWayBack) => state switch
    {
        "none" => "pgbaton check",
        "stopped" when !wasInSync => "pgbaton migrate",
        "stopped" or "in-sync" or "copied" => tables.Verified < tables.Total ? "pgbaton verify" : "pgbaton cutover",
        "on-target" => isRunning || !hasWayBack ? "pgbaton finish" : "pgbaton migrate",
        "rolled-back" => isRunning ? "pgbaton cutover" : "pgbaton migrate",
        "finished" => isRunning ? "pgbaton status --watch" : "pgbaton finish",
        _ => "pgbaton status --watch",
    };
}
