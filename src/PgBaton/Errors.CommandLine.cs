namespace PgBaton;

// What goes wrong before or around a migration: the command line, the terminal, and failures nobody foresaw.
static partial class Errors
{
    public static MigrationException Usage(string message, string? detail, string hint) => new(
        "PB0020", ExitCode.Usage, message, detail, hint);

    public static MigrationException FilterFile(string file, int line, string why) => new(
        "PB0021", ExitCode.Usage,
        line > 0 ? $"filter file {file}, line {line}: {why}" : $"filter file {file} cannot be read: {why}",
        hint: "Each line is \"include\" or \"exclude\", then \"table\" or \"schema\", then a pattern; # begins a comment.", about: file);

    public static MigrationException NotConfirmed(string command) => new(
        "PB0022", ExitCode.Failed,
        "not confirmed; nothing was changed",
        hint: $"Run \"pgbaton {command}\" again and type what it asks for, or give --yes.", about: command);

    public static MigrationException UnknownCode(string code, IReadOnlyList<string> near) => new(
        "PB0023", ExitCode.Usage,
        $"there is no page about \"{code}\"",
        hint: near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}? \"pgbaton explain\" lists all." : "\"pgbaton explain\" lists all.",
        about: code);

    public static MigrationException Interrupted(ExitCode exitCode) => new(
        "PB0024", exitCode,
        exitCode == ExitCode.Interrupted ? "interrupted" : "told to end",
        detail: "What was done so far is kept in the journal on the target.",
        hint: "Run the same command again: it goes on where it was. \"pgbaton status\" says where that is.");

    public static MigrationException ServerFailed(Npgsql.PostgresException failure) => new(
        "PB0030", ExitCode.Failed,
        failure.MessageText,
        detail: failure.Severity is "FATAL" or "PANIC" ? "The server ended the session." : null,
        hint: failure.Hint ?? "This is the server's own error. Mend its cause, then run the same command again.",
        about: failure.TableName is null ? null : Postgres.Sql.Identifier(failure.SchemaName ?? "", failure.TableName), inner: failure);

    public static MigrationException ConnectionLost(Exception failure) => new(
        "PB0031", ExitCode.Failed,
        $"lost the connection to a server: {Innermost(failure).Message}",
        hint: "Run the same command again: it goes on where it was.", inner: failure);

    public static MigrationException Unwritable(Exception failure) => new(
        "PB0032", ExitCode.Failed,
        $"a file or pipe cannot be used: {failure.Message}",
        hint: "Check the path, its permissions and the free space, then run the same command again.", inner: failure);

    public static MigrationException Unforeseen(Exception failure) => new(
        "PB0039", ExitCode.Failed,
        $"unforeseen failure: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}",
        detail: "This is a fault of pgbaton. What was done so far is kept in the journal.",
        hint: "Run it again with PGBATON_DEBUG=1 and report what it prints.", inner: failure);
}
