namespace PgBaton;

public sealed partial class Migration
{
    // A failure between fence and decision: the source carries on, the cutover's word is answered, and the stream is followed again.
    async Task<Step> GoBackAsync(Step step, Exception failure, CancellationToken ct)
    {
        await UndoFenceAsync(step, CancellationToken.None);
        Report(new FenceLifted(failure.Message));
        if (Postgres.Transient.Is(failure) || failure is not MigrationException error)
            error = Errors.CutoverFailed(step.Name, failure);
        // Answered even if this process is told to end: the next one must not cut over unasked.
        if (await Journal.FindWordAsync("cutover", CancellationToken.None) is { } word)
            await Journal.EndWordAsync(word, error.ExitCode, error, CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return Steps.Single(s => s.Name == step.ResumeAt);
    }

    // Takes back what was done since the step that this one goes back to, newest first, and has that step run again.
    async Task UndoFenceAsync(Step step, CancellationToken ct)
    {
        var back = Steps.IndexOf(Steps.Single(s => s.Name == step.ResumeAt));
        for (var i = Steps.IndexOf(step); i > back; i--)
        {
            if (Steps[i].UndoAsync is { } undoAsync)
                await undoAsync(this, ct);
            await Journal.StepUndoneAsync(Steps[i].Name, ct);
        }

        await Journal.StepUndoneAsync(Steps[back].Name, ct);
    }

    // Only before the decision: undoes every step that was begun, last first, and drops the journal.
    async Task AbortAsync(CancellationToken ct)
    {
        await StopRelayAsync();
        foreach (var step in Steps.Reverse())
        {
            if (step.UndoAsync is null || !await Journal.IsStartedAsync(step.Name, ct))
                continue;
            await step.UndoAsync(this, ct);
            await Journal.StepUndoneAsync(step.Name, ct);
            Report(new StepUndone(step.Name));
        }

        await Journal.DropAsync(ct);
        if (!Goal.IsWord("abort"))
            throw Errors.Aborted();
    }
}
