namespace PgBaton;

// The demo's own failures.
static partial class Errors
{
    public static MigrationException NoServerPrograms(int major, string root, IReadOnlyList<int> found) => new(
        "PB0050", ExitCode.Failed,
        $"no server programs of PostgreSQL {major} on this machine",
        detail: found.Count > 0 ? $"Found are those of {string.Join(", ", found)}." : $"Looked in {root} and /usr/lib/postgresql.",
        hint: "From the project's sources, \"./build demo\" installs them. Elsewhere set PGBATON_POSTGRES to a folder that holds <major>/bin.",
        about: $"PostgreSQL {major}");

    public static MigrationException ServerDidNotStart(int major, string log) => new(
        "PB0051", ExitCode.Failed,
        $"the throwaway server of PostgreSQL {major} did not start",
        detail: log.Trim().ReplaceLineEndings(" "),
        hint: "Its own words are above. Disk space, memory and the right to write into the folder for temporary files are the usual reasons.",
        about: $"PostgreSQL {major}");

    public static MigrationException NotProven(int claims) => new(
        "PB0052", ExitCode.Failed,
        $"the demo could not prove {claims} of its claims",
        detail: "Each is marked in the report above, with what was found instead.",
        hint: "Run it again with --keep to look at both servers, and report what you see.");

    public static MigrationException WriterFailed(string writer, Exception failure) => new(
        "PB0053", ExitCode.Failed,
        $"the demo's writer \"{writer}\" met an error that no cutover explains: {failure.Message}",
        detail: failure is Npgsql.PostgresException server ? $"SQLSTATE {server.SqlState}." : null,
        hint: "A migration must not make an application fail. Report it, with the seed and the two majors.",
        about: writer, inner: failure);

    public static MigrationException DemoInterrupted(ExitCode exitCode) => new(
        "PB0054", exitCode,
        exitCode == ExitCode.Interrupted ? "the demo was interrupted" : "the demo was told to end",
        detail: "Both servers and their data are gone.");
}
