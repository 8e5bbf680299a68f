namespace PgBaton;

static partial class Errors
{
    public static MigrationException DowntimeExceeded(Direction direction, TimeSpan budget, string what) => new(
        "PB0703", ExitCode.Failed,
        $"the {direction.Word} took longer than --max-downtime ({budget.TotalSeconds:0.#} s): {what}",
        detail: $"The fence was lifted; the {direction.Publisher.Name} carries on. The triggers of its gate stay until the next {direction.Word}, finish or abort.",
        hint: $"Mend the cause or allow more time, then say {direction.Word} again.");

    public static MigrationException FenceLost(Direction direction, Exception? inner = null) => new(
        "PB0707", ExitCode.Failed,
        "the session that held the fence has ended",
        detail: $"The fence was lifted with it; the {direction.Publisher.Name} carries on.",
        hint: $"Say {direction.Word} again.", inner: inner);

    public static MigrationException FenceTaken(Postgres.Side side) => new(
        "PB0708", ExitCode.Stopped,
        $"another process has taken over the gate of the {Name(side)}",
        detail: "Its row no longer carries this process's epoch, so this process may not decide.",
        hint: "Nothing is lost. See \"pgbaton status\".", about: "pgbaton.gate");

    public static MigrationException FenceLeaked(Postgres.Side side, long changes) => new(
        "PB0709", ExitCode.Failed,
        $"{changes} row changes were made on the {Name(side)} after its gate was closed",
        detail: $"Somebody writes around the gate: with its trigger disabled, or through a subscription there. The fence was lifted; the {Name(side)} carries on.",
        hint: "Find that writer, then say cutover again.");

    public static MigrationException SequenceMissing(string sequence) => new(
        "PB0710", ExitCode.Failed,
        $"sequence {sequence} does not exist on the target",
        detail: "It was made on the source after the schema was copied, or renamed.",
        hint: "Make it on the target with the same definition, then say cutover again.", about: sequence);

    public static MigrationException SequenceDiffers(string sequence) => new(
        "PB0711", ExitCode.Failed,
        $"sequence {sequence} does not stand where the source's stands, though it was just set",
        detail: "Somebody takes values from it on the target.",
        hint: "Find out who uses the target already, then say cutover again.", about: sequence);

    public static MigrationException SequenceLocked(string sequences, string holders) => new(
        "PB0712", ExitCode.Failed,
        $"sequence {sequences} could not be held still",
        detail: $"Sessions that have taken values from it in an open transaction and could not be ended: {holders}.",
        hint: "End them as a superuser (pg_terminate_backend), then say cutover again.", about: sequences);

    public static MigrationException SchemaChanged(string table, string how) => new(
        "PB0713", ExitCode.Failed,
        $"table {table} was changed during the cutover: {how}",
        detail: "The fence was lifted; the source carries on.",
        hint: "Let no DDL run during a cutover. Make the same change on the target, then say cutover again.", about: table);

    public static MigrationException DefinitionsChanged(string what, Postgres.Side side) => new(
        "PB0713", ExitCode.Failed,
        $"{what} was made, changed or dropped on the {Name(side)} during the cutover",
        detail: "The definitions of both sides had been compared before it. The fence was lifted; the side that is left carries on.",
        hint: "Let no DDL run during a cutover. Say it again: the definitions are compared anew, and what differs is named.");

    public static MigrationException DecisionUnconfirmed(Postgres.Side side, Exception inner) => new(
        "PB0714", ExitCode.Failed,
        $"the {Name(side)} did not confirm the decision",
        detail: "Its COMMIT may or may not have happened.",
        hint: "Run the same command again: it asks that server first, and goes on accordingly.", inner: inner);

    public static MigrationException WrittenAroundGate(Postgres.Side side, string table, Lsn commit, uint xid) => new(
        "PB0717", ExitCode.Stopped,
        $"somebody wrote to table {table} on the {Name(side)} around its closed gate",
        detail: $"Transaction {xid} there, commit LSN {commit}. What it wrote is not on the other side.",
        hint: "Find that writer, take back what it wrote (\"pgbaton verify\" lists the rows that differ), then say it again.", about: table);

    public static MigrationException NoWayBack() => new(
        "PB0718", ExitCode.Blocked,
        "the way back was given up",
        detail: "The cutover was said with --no-reverse, or the migration began with --offline: nothing has carried the target's changes to the source since.",
        hint: "\"pgbaton finish\" ends the migration.");

    public static MigrationException PoolerNotPaused(string pooler, string why) => new(
        "PB0719", ExitCode.Failed,
        $"PgBouncer at {pooler} did not do as it was told: {why}",
        detail: "Whoever was made to wait there goes on.",
        hint: "Check --pgbouncer: the admin console (database \"pgbouncer\"), a user of admin_users, its password in ~/.pgpass of the engine's host.");

    public static MigrationException PasswordInPooler() => new(
        "PB0720", ExitCode.Usage,
        "--pgbouncer must hold no password",
        detail: "It would be kept in the journal.",
        hint: "Put the password into ~/.pgpass on the host of the process that runs the migration.");

    public static MigrationException DecidedMeanwhile(Postgres.Side side) => new(
        "PB0715", ExitCode.Failed,
        $"the {Name(side)} is the writer already: the decision was made before the fence could be lifted",
        hint: "Run the same command again: it goes on from there.");
}
