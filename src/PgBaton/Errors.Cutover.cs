namespace PgBaton;

static partial class Errors
{
    public static MigrationException SameDatabase(string source, string target) => new(
        "PB0102", ExitCode.Usage,
        "source and target are the same database",
        detail: $"{source} and {target} have the same system identifier and database.",
        hint: "Give the connection string of another database as the target.", about: target);

    public static MigrationException CutoverFailed(string step, Exception inner) => new(
        "PB0701", ExitCode.Failed,
        $"the cutover failed in step \"{step}\": {(inner is OperationCanceledException ? "its process was told to end" : inner.Message)}",
        detail: "The fence was lifted; the writers carry on where they are.",
        hint: "Mend the cause, then say it again.", about: step, inner: inner);

    public static MigrationException CutoverCancelled(bool wasFenced) => new(
        "PB0702", ExitCode.Stopped,
        "the cutover was cancelled",
        detail: wasFenced ? "The fence was lifted; the writers carry on where they are." : "The fence had not been set yet: no writer has waited.");

    public static MigrationException CutoverBlocked(string word, IReadOnlyList<Finding> blockers) => new(
        "PB0704", ExitCode.Blocked,
        $"the {word} is blocked: {blockers[0].Message}{(blockers.Count > 1 ? $" (and {blockers.Count - 1} more)" : "")}",
        detail: string.Join(" ", blockers.Select(blocker => $"{blocker.Code}: {blocker.Message}.")),
        hint: blockers[0].Fix ?? "See \"pgbaton status\".", about: blockers[0].About);
}
