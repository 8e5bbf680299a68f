namespace PgBaton;

static partial class Errors
{
    public static MigrationException TableLocked(string table, int count, string holders) => new(
        "PB0705", ExitCode.Failed,
        $"table {table} stayed locked for a minute" + (count > 1 ? $", and {count - 1} more" : ""),
        detail: $"Locks on it are held by: {(holders.Length > 0 ? holders : "none any more")}.",
        hint: "End those transactions (pg_terminate_backend), or wait for them, then say it again.", about: table);

    public static MigrationException ForeignGate(string source, string why) => new(
        "PB0706", ExitCode.Blocked,
        $"the source {source} has a schema \"pgbaton\" that this migration cannot use: {why}",
        hint: "Finish or abort that migration first, or rename the schema.", about: "pgbaton");
}
