using PgBaton.Postgres;

namespace PgBaton;

static partial class Errors
{
    public static MigrationException ChecksBlock(IReadOnlyList<Finding> blockers) => new(
        "PB1000", ExitCode.Blocked,
        blockers.Count == 1 ? "a check does not let the migration begin" : $"{blockers.Count} checks do not let the migration begin",
        detail: string.Join(" ", blockers.Select(finding => $"{finding.Code}: {Sentence(finding.Message)}{(finding.Detail is null ? "" : $" {finding.Detail}")}")),
        hint: "\"pgbaton check\" shows each with its fix, \"pgbaton explain CODE\" what is behind it. What you accept can be passed "
        + "over with --ignore CODE.",
        about: blockers[0].About);

    public static MigrationException TargetNotWritable(string target, string why, Exception? inner) => new(
        "PB0113", ExitCode.Blocked,
        $"the target {target} cannot be written: {why}",
        detail: inner is null ? null : Sentence(inner.Message),
        hint: "Connect to the primary. If the server made itself read-only because its disk is full, give it more; if the database was "
        + "locked with default_transaction_read_only, reset that.",
        about: target, inner: inner);

    public static MigrationException TargetTooOld(string target, ServerVersion version) => new(
        "PB0114", ExitCode.Blocked,
        $"the target {target} runs PostgreSQL {version}, which is too old",
        hint: $"Give a target of PostgreSQL {ServerVersion.OldestTargetMajor} or newer.", about: target);

    public static MigrationException TargetMayNotCreate(string target, string user, Exception inner) => new(
        "PB0115", ExitCode.Blocked,
        $"role {Sql.Identifier(user)} may not create anything in the target {target}",
        detail: Sentence(inner.Message),
        hint: $"As the owner of the database: GRANT CREATE ON DATABASE … TO {Sql.Identifier(user)}.", about: target, inner: inner);

    public static MigrationException TablesLocked(string server, string who, Exception inner) => new(
        "PB0116", ExitCode.Failed,
        $"tables of the source {server} are locked, and not even their size can be read",
        detail: $"{who}. pgbaton waited 5 s.",
        hint: "Run it again when that has ended: ALTER TABLE, TRUNCATE, VACUUM FULL, CLUSTER, REINDEX and LOCK TABLE do so until their transaction ends.",
        about: server, inner: inner);
}
