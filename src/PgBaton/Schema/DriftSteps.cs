using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Commands that belong together: one object of the target.</summary>
/// <param name="What">The object, for people.</param>
/// <param name="Statements">In order.</param>
/// <param name="Otherwise">Instead of them, if they are refused; may be empty.</param>
/// <param name="MayBeGone">It is well if the object is not there: it was to be removed, or is held back.</param>
/// <param name="MayBeThere">It is well if the object is: a partition gets keys by itself when it is attached, and keeps them when it is detached.</param>
sealed record DriftStep(string What, IReadOnlyList<string> Statements, IReadOnlyList<string> Otherwise, bool MayBeGone = false, bool MayBeThere = false);

/// <summary>Makes changes on the target of which some need others, in the caller's transaction. The definitions of both sides are compared afterwards.</summary>
static class DriftSteps
{
    /// <summary>A label of an enum cannot be used in the transaction that adds it.</summary>
    public const string UnsafeNewLabel = "55P04";

    /// <summary>A column may need a sequence that is new, what is gone may be held by something that changes: as long as it gets less, once more.</summary>
    /// <exception cref="MigrationException">PB0510: of what is refused whatever came before it.</exception>
    public static async Task MakeAsync(NpgsqlConnection target, IReadOnlyList<DriftStep> steps, CancellationToken ct)
    {
        while (steps.Count > 0)
        {
            var refused = new List<(DriftStep Step, PostgresException Refusal)>();
            foreach (var step in steps)
            {
                if (await TryAsync(target, step, step.Statements, ct) is not { } refusal)
                    continue;
                if (step.Otherwise.Count == 0 || await TryAsync(target, step, step.Otherwise, ct) is not null)
                    refused.Add((step, refusal));
            }

            if (refused.Count == steps.Count)
            {
                var worst = refused.Find(r => r.Refusal.SqlState == UnsafeNewLabel) is { Step: not null } label ? label : refused[0];
                throw Errors.DriftRefused(worst.Step.What, worst.Refusal);
            }

            steps = [.. refused.Select(r => r.Step)];
        }
    }

    // Null: done, or there was nothing to do.
    static async Task<PostgresException?> TryAsync(NpgsqlConnection target, DriftStep step, IReadOnlyList<string> statements, CancellationToken ct)
    {
        await target.ExecuteAsync("SAVEPOINT drift", ct);
        try
        {
            foreach (var statement in statements.Where(statement => statement.Length > 0))
                await ExecuteAsync(target, step, statement, ct);
            await target.ExecuteAsync("RELEASE SAVEPOINT drift", ct);
            return null;
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            await target.ExecuteAsync("ROLLBACK TO SAVEPOINT drift", ct);
            return (step.MayBeGone && Removal.IsGone(refusal)) || (step.MayBeThere && IsThere(refusal)) ? null : refusal;
        }
    }

    // What the rows do not keep to yet (those of a default partition, too) they will when the stream has brought what was written before the source got it.
    static async Task ExecuteAsync(NpgsqlConnection target, DriftStep step, string statement, CancellationToken ct)
    {
        await target.ExecuteAsync("SAVEPOINT statement", ct);
        try
        {
            await EntryRun.ExecuteAsync(target, statement, ct, Removal.Drop);
            await target.ExecuteAsync("RELEASE SAVEPOINT statement", ct);
        }
        catch (PostgresException early) when (early.SqlState is PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation && IsConstraint(statement))
        {
            await target.ExecuteAsync("ROLLBACK TO SAVEPOINT statement", ct);
            await new Waiting(Waiting.Late, step.What, statement).RecordAsync(target, ct);
        }
    }

    static bool IsConstraint(string statement)
        => statement.EndsWith(" SET NOT NULL;", StringComparison.Ordinal) || statement.Contains(" ADD CONSTRAINT ", StringComparison.Ordinal)
            || statement.Contains(" ATTACH PARTITION ", StringComparison.Ordinal) || statement.Contains(" VALIDATE CONSTRAINT ", StringComparison.Ordinal);

    static bool IsThere(PostgresException refusal) => refusal.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.DuplicateTable
        || (refusal.SqlState == PostgresErrorCodes.InvalidTableDefinition && refusal.MessageText.Contains("multiple primary keys", StringComparison.Ordinal));
}
