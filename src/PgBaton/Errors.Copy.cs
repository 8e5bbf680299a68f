using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton;

static partial class Errors
{
    public static MigrationException SlotBlocked(
        Side side, string slot, TimeSpan patience, IReadOnlyList<OpenTransaction> blockers, Exception inner)
    {
        var list = blockers.Count == 0 ? "None of them is open any more." : $"Open: {OpenTransaction.Describe(blockers)}.";
        return new(
            "PB0401", ExitCode.Failed,
            string.Create(CultureInfo.InvariantCulture,
                $"replication slot \"{slot}\" could not be made within {patience.TotalSeconds:0.#} s: transactions on the {Name(side)} stay open"),
            detail: $"A slot begins where every transaction that has written, or is prepared, has ended, in any database of that server. {list}",
            hint: "End those transactions (COMMIT PREPARED or ROLLBACK PREPARED, or pg_terminate_backend(pid)), then run the same command again.",
            about: slot, inner: inner);
    }

    public static MigrationException KeepsChanging(string table, int rounds) => new(
        "PB0402", ExitCode.Failed,
        $"table {table} was changed on the source each of the {rounds} times it was copied",
        detail: "TRUNCATE, VACUUM FULL, CLUSTER, or an ALTER TABLE between the snapshot and the reading makes the snapshot of that table worthless.",
        hint: "Hold back whatever does it until the copy is done, then run the same command again: the other tables are kept.", about: table);

    public static MigrationException SourceLocked(string table, TimeSpan patience, Exception inner) => new(
        "PB0403", ExitCode.Failed,
        string.Create(CultureInfo.InvariantCulture, $"table {table} stayed locked on the source for {patience.TotalSeconds:0} s"),
        detail: "Somebody holds or waits for ACCESS EXCLUSIVE: ALTER TABLE, TRUNCATE, VACUUM FULL, LOCK TABLE.",
        hint: "Let that end (see pg_locks), then run the same command again: tables that are copied are kept.", about: table, inner: inner);

    public static MigrationException SourceTableGone(string table) => new(
        "PB0404", ExitCode.Stopped,
        $"table {table} is no longer on the source as the table it was when the migration began",
        detail: "It was dropped, or dropped and made again; the new one would be another table, which the publication does not list.",
        hint: "Abort the migration and begin again.", about: table);

    public static MigrationException DoesNotFit(string table, string why) => new(
        "PB0405", ExitCode.Stopped,
        $"rows of table {table} do not fit into the target: {why}",
        detail: "The table was changed on one side since the target's schema was made.",
        hint: "Make both sides alike, then run the same command again.", about: table);

    public static MigrationException TargetWouldAct(string table, string kind, string name, bool isReplica) => new(
        "PB0406", ExitCode.Blocked,
        $"{kind} {name} of table {table} on the target would act on the copied rows",
        detail: isReplica
            ? "It is enabled ALWAYS or REPLICA, so that it fires in the replica role too."
            : "The role on the target may not set session_replication_role to replica, so that triggers fire and foreign keys are checked.",
        hint: kind == "trigger"
            ? "Disable it (ALTER TABLE … DISABLE TRIGGER …) until the cutover."
            : "Drop the foreign key until the cutover, or give the role the right to set session_replication_role.",
        about: table);

    public static MigrationException CannotEmpty(string table) => new(
        "PB0407", ExitCode.Blocked,
        $"table {table} on the target must be emptied to be copied again, and foreign keys refer to it",
        detail: "TRUNCATE is refused for such a table, and DELETE would follow the foreign keys because the role may not set session_replication_role.",
        hint: "Drop the foreign keys that refer to it until the cutover, or give the role that right; then run the same command again.", about: table);

    // Names, no values.
    static string Place(Npgsql.PostgresException server)
        => server.ConstraintName is { Length: > 0 } constraint ? $", constraint {Sql.Identifier(constraint)}"
            : server.ColumnName is { Length: > 0 } column ? $", column {Sql.Identifier(column)}"
            : "";

    /// <summary>The server's own words, except where they may hold a value of a row.</summary>
    public static MigrationException CopyFailed(string table, Exception inner)
    {
        var why = inner is Npgsql.PostgresException server
            ? server.SqlState[..2] is "22" or "23" or "P0" ? $"SQLSTATE {server.SqlState}{Place(server)}" : $"{server.MessageText} (SQLSTATE {server.SqlState})"
            : Innermost(inner).Message;
        return new(
            "PB0408", ExitCode.Failed,
            $"copying table {table} failed: {why}",
            hint: "Mend the cause (the log of the target says more), then run the same command again: tables that are copied are kept.",
            about: table, inner: inner);
    }

    public static MigrationException RowsDiffer(string table, long sent, long inserted) => new(
        "PB0409", ExitCode.Failed,
        $"the target took {inserted} rows of table {table} where {sent} were sent",
        detail: "Nothing of that part was kept.",
        hint: "Something on the target drops or adds rows: look for triggers and rules of the table.", about: table);

    public static MigrationException LargeObjectHidden(Side side, uint oid) => new(
        "PB0410", ExitCode.Blocked,
        $"our role may not read large object {oid} on the {Name(side)}",
        hint: $"GRANT SELECT ON LARGE OBJECT {oid} TO our role, then run the same command again; or leave large objects behind: --large-objects skip.",
        about: $"large object {oid}");

    public static MigrationException LargeObjectNotOurs(Side side, uint oid) => new(
        "PB0411", ExitCode.Stopped,
        $"large object {oid} on the {Name(side)} is not from this migration",
        detail: "Somebody made it there meanwhile. Large objects keep their numbers, so it cannot stay beside those that come.",
        hint: $"Find out who made it; if it is not needed, SELECT lo_unlink({oid}). Then run the same command again.", about: $"large object {oid}");

    public static MigrationException LargeObjectDiffers(Side side, uint oid) => new(
        "PB0412", ExitCode.Failed,
        $"large object {oid} does not hold on the {Name(side)} what was written to it",
        detail: "Nothing of that transaction was kept.",
        hint: "Run the same command again. If it persists, look for damage on that server.", about: $"large object {oid}");

    public static MigrationException LargeObjectRefused(Side side, Npgsql.PostgresException refusal) => new(
        "PB0413", ExitCode.Failed,
        $"the {Name(side)} refused a large object: {refusal.MessageText}",
        hint: "Mend the cause (owners and privileges need their roles there), then run the same command again.", about: "large objects", inner: refusal);

    public static MigrationException NothingToJoin(string target, TimeSpan patience) => new(
        "PB0417", ExitCode.Failed,
        string.Create(CultureInfo.InvariantCulture, $"no process copies into {target}, nor has begun to within {patience.TotalSeconds:0} s"),
        detail: "A worker takes parts of the copy of a running \"pgbaton migrate\": that one plans, holds the snapshot and builds the indexes.",
        hint: "Start \"pgbaton migrate\" anywhere, then run the same command again; --wait says how long a worker waits for it.", about: target);
}
