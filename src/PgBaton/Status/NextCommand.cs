namespace PgBaton.Status;

/// <summary>The command to type next.</summary>
static class NextCommand
{
    /// <param name="state">As in <see cref="MigrationStatus.State"/>.</param>
    /// <param name="tables">Verified, or not yet.</param>
    /// <param name="wasInSync">The target was in step once, so that verify and cutover, which become the engine, catch up by themselves.</param>
    /// <param name="isRunning">There is an engine.</param>
    /// <param name="differs">The newest comparison found rows that differ.</param>
    /// <param name="hasWayBack">Somebody has to carry changes back, or the target keeps WAL for it.</param>
    public static string? For(string state, TableCounts tables, bool wasInSync, bool isRunning, bool differs, bool hasWayBack) => state switch
    {
        "none" => "pgbaton check",
        "stopped" when !wasInSync => "pgbaton migrate",
        "stopped" or "in-sync" or "copied" => differs || tables.Verified < tables.Total ? "pgbaton verify" : "pgbaton cutover",
        "on-target" when hasWayBack && !isRunning => "pgbaton migrate",
        "on-target" => hasWayBack && differs ? "pgbaton verify" : "pgbaton finish",
        "rolled-back" when !isRunning => "pgbaton migrate",
        "rolled-back" => differs ? "pgbaton verify" : "pgbaton cutover",
        "finished" => isRunning ? "pgbaton status --watch" : "pgbaton finish",
        _ => "pgbaton status --watch",
    };
}
