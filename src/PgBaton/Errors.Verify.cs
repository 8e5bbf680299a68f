using Npgsql;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton;

static partial class Errors
{
    // A detail is read, not searched: the whole list is in the report.
    const int TablesNamed = 10;

    public static MigrationException TablesDiffer(IReadOnlyList<TableVerification> tables) => new(
        "PB0601", ExitCode.Differs,
        tables.Count == 1 ? $"table {tables[0].Table} differs" : $"{tables.Count} tables differ",
        detail: string.Join(' ', tables.Take(TablesNamed).Select(Describe)) + (tables.Count > TablesNamed ? $" And {tables.Count - TablesNamed} more." : ""),
        hint: "\"pgbaton verify --values\" shows the rows, \"pgbaton verify --repair\" makes them what they are on the side of the writer.",
        about: tables[0].Table);

    public static MigrationException NoCommonPoint(int tries) => new(
        "PB0602", ExitCode.Failed,
        $"no snapshot of the source in {tries} tries was a point in its commit order",
        detail: "Transactions were visible on the source before transactions that had committed earlier.",
        hint: "This lasts as long as a synchronous standby is slow to answer. Say verify again when it is not.");

    public static MigrationException TableKeepsChanging(IReadOnlyList<string> tables, int tries) => new(
        "PB0603", ExitCode.Failed,
        $"table {tables[0]} was rewritten each of the {tries} times it was to be compared",
        detail: $"TRUNCATE, VACUUM FULL, CLUSTER and many forms of ALTER TABLE take a table's rows from older snapshots. Not compared: {string.Join(", ", tables)}.",
        hint: "Say verify again when nothing rewrites the table.", about: tables[0]);

    public static MigrationException NotCopied(string table) => new(
        "PB0604", ExitCode.Blocked,
        $"table {table} cannot be compared: its copy is not finished",
        hint: "See \"pgbaton status\". Say verify again when every table is copied.", about: table);

    public static MigrationException CannotRead(Side side, string table, PostgresException inner) => new(
        "PB0605", ExitCode.Failed,
        $"cannot read table {table} on the {Name(side)}: {inner.MessageText}",
        hint: inner.SqlState == PostgresErrorCodes.InsufficientPrivilege
            ? "Grant the role SELECT on the table; where row level security is on it also needs BYPASSRLS."
            : "The server's message says why. Nothing was changed.",
        about: table, inner: inner);

    public static MigrationException CountsDiffer(IReadOnlyList<TableCount> tables) => new(
        "PB0606", ExitCode.Differs,
        tables.Count == 1 ? $"table {tables[0].Table} has another number of rows" : $"{tables.Count} tables have another number of rows",
        detail: string.Join(' ', tables.Take(TablesNamed).Select(
            table => $"{table.Table}: {table.Rows} rows on the source, {table.TargetRows} on the target.")),
        hint: "Say verify without --counts: it finds the rows.", about: tables[0].Table);

    public static MigrationException CannotRepair(string table, string why) => new(
        "PB0607", ExitCode.Differs,
        $"table {table} cannot be mended row by row: {why}",
        detail: "No row was changed.",
        hint: "Make the tables alike on both sides (\"pgbaton drift\" shows how), then say verify again.", about: table);

    public static MigrationException RepairFailed(string table, string why, Exception? inner = null) => new(
        "PB0608", ExitCode.Differs,
        $"table {table} could not be mended: {why}",
        detail: "The table's repair was one transaction, and was rolled back. Tables that were mended before it stay mended.",
        hint: "Mend what the message says, then say \"pgbaton verify --repair\" again.", about: table, inner: inner);

    public static MigrationException DeltaDiffers(IReadOnlyList<string> tables, Side side) => new(
        "PB0609", ExitCode.Differs,
        tables.Count == 1 ? "rows that were written since their table was verified differ" : $"rows of {tables.Count} tables that were written since they were verified differ",
        detail: string.Join("; ", tables.Take(TablesNamed)) + ".",
        hint: $"Something else writes on the {Name(side)}, or the stream was applied wrongly. Say verify: it finds every row; verify --repair mends them.");

    public static Warning VerifiedEarlier(IReadOnlyList<string> tables) => new(
        "PB0610",
        $"{(tables.Count == 1 ? $"table {tables[0]} was" : $"{tables.Count} tables were")} written too much since the last verification to be verified once more inside the fence",
        $"They were equal then, and every change since was applied; compare them again after the cutover if that is not enough: {string.Join(", ", tables.Take(TablesNamed))}");

    public static MigrationException VerificationStopped(string why) => new(
        "PB0611", ExitCode.Stopped,
        "the comparison was stopped; tables that were done stay verified",
        detail: $"{why}. No row was changed.",
        hint: "Say verify again when there is time for it; cutover and rollback compare first what is not verified.");

    static string Describe(TableVerification table)
        => table.Reason is { } reason ? $"{table.Table}: {reason}."
            : $"{table.Table}: {(table.DifferenceCount is { } count ? $"{count}" : $"at least {table.Differences.Count}")} differing, "
              + $"{table.Rows} rows on the source, {table.TargetRows} on the target.";
}
