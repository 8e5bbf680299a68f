namespace PgBaton;

static partial class Errors
{
    public static MigrationException ForeignSchema(string target) => new(
        "PB0201", ExitCode.Blocked,
        $"the target {target} has a schema \"pgbaton\" that is not ours",
        detail: "Its comment does not say that it is a pgbaton journal.",
        hint: "Rename that schema, or migrate into another database.", about: "pgbaton");

    public static MigrationException JournalFormat(int found, int known) => new(
        "PB0202", ExitCode.Usage,
        $"the journal has format {found}, this pgbaton knows {known}",
        hint: "Use the version of pgbaton that began the migration.");

    public static MigrationException OtherMigration(string name, string detail) => new(
        "PB0203", ExitCode.Usage,
        $"the target holds the journal of another migration, \"{name}\"",
        detail: detail,
        hint: "Finish or abort that one first, or give its connection strings.", about: name);

    public static MigrationException EngineRunning(string engine) => new(
        "PB0204", ExitCode.Failed,
        $"another process is running this migration: {engine}",
        detail: "One process at a time copies and applies; it holds an advisory lock on the target.",
        hint: "See \"pgbaton status\". To stop that process, end it on its host; if it does not react or cannot be reached, end its session on the target: "
            + "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbaton/engine' AND datname = current_database(). "
            + "Its work is not lost.");

    public static MigrationException TakenOver(long epoch) => new(
        "PB0205", ExitCode.Stopped,
        "another process has taken over this migration",
        detail: $"This process had epoch {epoch}.",
        hint: "Nothing is lost. See \"pgbaton status\".");

    public static MigrationException NoMigration(string target) => new(
        "PB0206", ExitCode.Usage,
        $"the target {target} holds no journal of a migration",
        detail: "It has no schema \"pgbaton\": nothing was begun there, or it is finished or aborted.",
        hint: "Begin with \"pgbaton migrate\", or look whether this is the right target.", about: target);

    public static MigrationException EndedByAnother(string target) => new(
        "PB0214", ExitCode.Stopped,
        $"another process has ended this migration: the target {target} holds its journal no longer",
        detail: "It was finished or aborted while this process did not look. This process has written nothing since.",
        hint: "Ask whoever said finish or abort. \"pgbaton migrate\", run again, would begin a new migration.", about: target);

    public static MigrationException ScopeChanged(string option, string recorded) => new(
        "PB0207", ExitCode.Usage,
        $"option {option} differs from the one this migration began with",
        detail: $"The journal says: {recorded}.",
        hint: $"Leave {option} out, or abort and begin again.", about: option);

    /// <summary>The code of <see cref="Aborted"/>, by which the loop knows it.</summary>
    public const string AbortSaid = "PB0208";

    public static MigrationException Aborted() => new(
        AbortSaid, ExitCode.Stopped,
        "the migration was aborted",
        detail: "Somebody said \"abort\" while this process was running it. Both servers are as they were before.");

    public static MigrationException WordRefused(string word, string why) => new(
        "PB0209", ExitCode.Blocked,
        $"\"{word}\" is not possible now: {why}",
        hint: word == "abort"
            ? "To give up now: \"pgbaton rollback\", then \"pgbaton abort\". To stay: \"pgbaton finish\"."
            : "See \"pgbaton status\" for what is possible.", about: word);

    public static MigrationException WordLeft() => new(
        "PB0212", ExitCode.Failed,
        "the process that should have carried it out ended, and nobody waited for the answer any more",
        hint: "Say it again if it is still wanted.");

    public static MigrationException NotCopiedYet(string word) => new(
        "PB0211", ExitCode.Blocked,
        $"\"{word}\" is not possible yet: the copy is not done",
        detail: "The tables or their indexes are not all on the target.",
        hint: "\"pgbaton status\" shows how far it is; \"pgbaton migrate\" goes on with it if no process runs it.", about: word);

    public static MigrationException RetriesUsedUp(int attempts, Exception last) => new(
        "PB0210", ExitCode.Failed,
        $"gave up after {attempts} attempts without progress: {last.Message}",
        hint: "Mend the cause, then run the same command again: it goes on where it was.", inner: last);
}
