using PgBaton.Postgres;
using PgBaton.Runbook;

namespace PgBaton;

static partial class Errors
{
    public static MigrationException NoPgDump(string lookedIn) => new(
        "PB0301", ExitCode.Blocked,
        "pg_dump was not found",
        detail: $"Looked in {lookedIn}.",
        hint: "Install PostgreSQL's client programs (Debian: postgresql-client), or name their folder with --pg-bin.", about: "pg_dump");

    public static MigrationException PgDumpTooOld(string path, string version, ServerVersion source) => new(
        "PB0302", ExitCode.Blocked,
        $"pg_dump {version} is older than the source's PostgreSQL {source}",
        detail: $"{path} is the newest that was found.",
        hint: $"Install the client programs of PostgreSQL {source.Major} or newer, or name their folder with --pg-bin.", about: path);

    public static MigrationException PgDumpFailed(string path, int exitCode, string said) => new(
        "PB0303", ExitCode.Failed,
        $"pg_dump failed with exit code {exitCode}",
        detail: said.Length > 0 ? said : $"{path} printed nothing.",
        hint: "The schema was not read and nothing was changed. Mend the cause, then run the same command again.", about: path);

    public static MigrationException UnknownArchive(string why) => new(
        "PB0304", ExitCode.Blocked,
        $"the archive that pg_dump wrote cannot be read: {why}",
        hint: "Name with --pg-bin the folder of a pg_dump of PostgreSQL 18 or older that is not older than the source.");

    public static MigrationException StatementRefused(string entry, Npgsql.PostgresException refusal) => new(
        "PB0305", ExitCode.Stopped,
        $"the target refused {entry}: {refusal.MessageText}",
        detail: refusal.Hint is { } hint ? $"The server's hint: {hint}" : "What was made before it stays, and is not made again.",
        hint: "Mend the cause on the target (or exclude the object), then run the same command again: it goes on with this object.",
        about: entry, inner: refusal);

    public static MigrationException NeedsWhatIsLeftOut(string table, string needs) => new(
        "PB0306", ExitCode.Blocked,
        $"table {table} cannot be made: it needs {needs}, which is out of scope",
        hint: "Take both into scope, or leave both out: say abort, then migrate with other filters.", about: table);

    public static MigrationException ExistingTablesDiffer(IReadOnlyCollection<string> differences) => new(
        "PB0307", ExitCode.Blocked,
        $"the tables on the target are not those of the source: {differences.Count} difference{(differences.Count == 1 ? "" : "s")}",
        detail: string.Join(" ", differences.Take(20)) + (differences.Count > 20 ? $" And {differences.Count - 20} more." : ""),
        hint: "Make them equal, or leave out --existing-schema so that they are made anew.", about: "--existing-schema");

    public static MigrationException CannotDrop(string entry, Npgsql.PostgresException refusal) => new(
        "PB0308", ExitCode.Stopped,
        $"the target refused to drop {entry}: {refusal.MessageText}",
        detail: refusal.Hint is { } dependents ? $"{dependents.ReplaceLineEndings("; ")}." : null,
        hint: "Something that is not pgbaton's depends on it. Drop that or move it away, then run the same command again.",
        about: entry, inner: refusal);

    public static MigrationException TableIsMissing(string table) => new(
        "PB0309", ExitCode.Stopped,
        $"table {table} of the source does not exist on the target after its schema was made",
        detail: "The source's list of tables and what pg_dump wrote do not agree, or somebody dropped the table on the target.",
        hint: "Abort and begin again.", about: table);

    /// <summary>The code of the warning about a constraint that could not be validated, or a view not refreshed, after the target was opened.</summary>
    public const string NotSettled = "PB0310";

    public static MigrationException PasswordNotForPassfile() => new(
        "PB0311", ExitCode.Usage,
        "the source's password holds a line break, which no passfile of PostgreSQL's client programs can hold",
        hint: "Give the role another password.");

    public static MigrationException ExistingTableHoldsRows(string table) => new(
        "PB0312", ExitCode.Blocked,
        $"table {table} on the target holds rows",
        detail: "They were written after the preflight had found it empty. The copy would take them away; nothing was changed.",
        hint: "Empty it if they are not needed, or find out who writes there, then run the same command again.", about: table);

    public static MigrationException NoSuchTable(string pattern) => new(
        "PB0314", ExitCode.Usage,
        $"no table of the side that is the writer matches {pattern}",
        hint: "Patterns are those of -t: schema.table, with * and ?; names in double quotes are taken letter for letter.", about: pattern);

    public static MigrationException SchemaNotMoved(string table, string schema) => new(
        "PB0315", ExitCode.Blocked,
        $"table {table} cannot be taken along: its schema {Sql.Identifier(schema)} is not moved",
        detail: "-n and -N were fixed when the migration began, and types and functions of that schema are not on the target.",
        hint: "Move it with a migration of its own, later.", about: table);

    public static MigrationException NotThereToJoin(string table, string why) => new(
        "PB0320", ExitCode.Blocked,
        $"table {table} cannot be carried back: {why}",
        detail: "After a cutover, definitions are not carried back, only rows. Nothing was changed.",
        hint: $"pg_dump --schema-only --table={ShellText.Quoted(table)} TARGET | PGOPTIONS='-c default_transaction_read_only=off' psql SOURCE; then say it again.", about: table);

    /// <summary>Of a table that was made on the new writer.</summary>
    public static string HowToCarryBack(string table)
        => $"pgbaton tables add {ShellText.Quoted(table)} takes its rows back, too; pgbaton tables remove {ShellText.Quoted(table)} leaves it where it is.";
}
