using PgBaton.Gate;

namespace PgBaton;

/// <summary>The target is the writer. The old source stays closed, as it was, until the operator gives it up.</summary>
static class Return
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    public static async Task<StepResult> RunAsync(Migration migration, CancellationToken ct)
    {
        while (true)
        {
            if (await migration.Journal.NextWordAsync(ct) is not { } word)
            {
                // A process that was started for one word, or to get in step, has nothing more to do.
                if (migration.Goal != Goal.Finished)
                    return StepResult.GoalReached;
                await Task.Delay(_interval, migration.Time, ct);
            }
            else if (word.Name == "finish")
            {
                await migration.Journal.SetFactAsync(Fact.UnlockSource, word.Arguments.UnlockSource ? "true" : null, ct);
                return StepResult.Done; // Answered by the journal's absence.
            }
            else
            {
                await AnswerAsync(migration, word, ct);
            }
        }
    }

    static async Task AnswerAsync(Migration migration, Word word, CancellationToken ct)
    {
        switch (word.Name)
        {
            case "abort" or "cancel": // The loop answers these itself, within moments.
                await Task.Delay(_interval, migration.Time, ct);
                break;
            case "cutover" when await Decision.IsMadeAsync(migration, ct):
                await migration.Journal.EndWordAsync(word, ExitCode.Done, null, ct);
                break;
            default:
                await migration.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused(word.Name, "the target is the writer"), ct);
                break;
        }
    }
}
