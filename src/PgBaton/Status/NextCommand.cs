namespace PgBaton.Status;

/// <summary>The command to type next.</summary>
static class NextCommand
{
    public static string? For(string state, string? step, TableCounts tables, bool isRunning) => state switch
    {
        "none" => "pgbaton check",
        "stopped" when step is not null && step != "follow" => "pgbaton migrate",
        "stopped" => "pgbaton migrate --until in-sync",
        "in-sync" => tables.Verified < tables.Total ? "pgbaton verify" : "pgbaton cutover",
        "on-target" => "pgbaton finish",
        "finished" => isRunning ? "pgbaton status --watch" : "pgbaton finish",
        _ => "pgbaton status --watch",
    };
}
