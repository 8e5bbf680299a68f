namespace PgBaton;

/// <summary>One line of the migration. A step that was interrupted is run again from its start.</summary>
/// <param name="Name">As in the journal, in events and in the docs.</param>
/// <param name="Summary">What it does, for the operator.</param>
/// <param name="RunAsync">Runs it; must be safe to run again after being cut off anywhere.</param>
/// <param name="Undo">What undoing it does, for the operator; null if there is nothing to undo.</param>
/// <param name="UndoAsync">Undoes it; must be safe to run again, and if the step never ran.</param>
/// <param name="IsFenced">
/// Runs inside the fence, which lives and dies with a session: a run that was cut off here goes back to <see cref="Direction.Home"/>, unless
/// the decision had been made.
/// </param>
sealed record Step(
    string Name,
    string Summary,
    Func<Migration, CancellationToken, Task<StepResult>> RunAsync,
    string? Undo = null,
    Func<Migration, CancellationToken, Task>? UndoAsync = null,
    bool IsFenced = false)
{
    /// <summary>For a step that always leads to the next one.</summary>
    public static Func<Migration, CancellationToken, Task<StepResult>> Done(Func<Migration, CancellationToken, Task> runAsync)
        => async (migration, ct) =>
        {
            await runAsync(migration, ct);
            return StepResult.Done;
        };
}

/// <summary>How a step ended.</summary>
enum StepResult
{
    /// <summary>Go on with the next one.</summary>
    Done,

    /// <summary>The operator wants the writers on the other side: go on with the first of the fenced steps.</summary>
    Turn,

    /// <summary>What this process was started for is reached; the step is not over, another process may go on with it.</summary>
    GoalReached,
}
