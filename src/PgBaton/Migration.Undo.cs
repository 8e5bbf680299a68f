using PgBaton.Postgres;
using PgBaton.Subscription;

namespace PgBaton;

public sealed partial class Migration
{
    // A failure between fence and decision: the writers carry on where they are, the cutover's word is answered, and the stream is followed again.
    async Task<Step> GoBackAsync(Step step, Exception failure, bool isTold, CancellationToken ct)
    {
        if (!isTold)
            TellLifted(failure, Fence?.Elapsed.TotalSeconds ?? 0);
        var home = await UndoFenceAsync(step, CancellationToken.None);
        if (Transient.Is(failure) || failure is not MigrationException error)
            error = Errors.CutoverFailed(step.Name, failure);
        if (Lane.Of(Options).HoldsWriters)
            error = Errors.StillHeld(error);
        // Answered even if this process is told to end: the next one must not cut over unasked.
        if (await Journal.FindWordAsync(Direction.Word, CancellationToken.None) is { } word)
            await Journal.EndWordAsync(word, error.ExitCode, error, CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return home;
    }

    // Writers go on from here, and hear of it. False: there is no fence, or it may have been decided: that has to be asked before anything is said.
    async Task<bool> LiftFenceAsync(Exception? failure)
    {
        if (Fence is not { } fence)
            return false;
        await fence.LiftAsync();
        if (fence.MayBeDecided)
            return false;
        if (fence != _told)
            TellLifted(failure, fence.Elapsed.TotalSeconds);
        _told = fence;
        return true;
    }

    // Writers that wait since before the copy go on waiting.
    void TellLifted(Exception? failure, double seconds)
    {
        if (!Lane.Of(Options).HoldsWriters)
            Report(new FenceLifted(ReasonOf(failure), seconds));
    }

    static string ReasonOf(Exception? failure) => failure switch
    {
        null => "the run was cut off",
        OperationCanceledException => "this process is told to end",
        _ => failure.Message,
    };

    // Takes back what was done inside the fence, newest first. Returns the step to go on with.
    async Task<Step> UndoFenceAsync(Step step, CancellationToken ct)
    {
        for (var i = Steps.IndexOf(step); Steps[i].IsFenced; i--)
        {
            if (Steps[i].UndoAsync is { } undoAsync)
                await undoAsync(this, ct);
        }

        return await StandAtAsync(Direction.Home, Direction, ct);
    }

    // What comes before it in the table counts as done; it and what comes after as not begun.
    async Task<Step> StandAtAsync(string name, Direction direction, CancellationToken ct)
    {
        var step = Steps.Single(s => s.Name == name);
        await Journal.StandAtAsync([.. Steps.TakeWhile(s => s != step).Select(s => s.Name)], direction.IsBack, ct);
        return step;
    }

    // Only before the decision: undoes every step that was begun, last first, and drops the journal.
    async Task AbortAsync(CancellationToken ct)
    {
        await StopRelayAsync();
        await TakeBack.RunAsync(this, ct); // Nobody writes while the tables are emptied.
        await Lane.Of(Options).ReleaseWritersAsync(this, ct);
        foreach (var step in Steps.Reverse())
        {
            if (step.UndoAsync is null || !await Journal.IsStartedAsync(step.Name, ct))
                continue;
            await step.UndoAsync(this, ct);
            await Journal.StepUndoneAsync(step.Name, ct);
            Report(new StepUndone(step.Name));
        }

        await using (var target = await Target.OpenAsync("abort", ct)) // Closed by a rollback.
            await Cutover.ReadOnlyDefault.PutBackAsync(target, this, Target, ct);
        await EndAsync(Goal.IsWord("abort") ? null : Errors.Aborted(), ct);
    }

    /// <summary>The last act: drops the journal. Where the answer is lost, whether the journal is there tells what became of it.</summary>
    internal async Task EndAsync(MigrationException? with, CancellationToken ct)
    {
        (_isEnding, _endsWith) = (true, with);
        await Journal.DropAsync(ct);
        if (with is not null)
            throw with;
    }

    // In another try of this process: without a journal it would be a new migration, which nobody has asked for.
    async Task<bool> HasEndedAsync(CancellationToken ct)
    {
        if (!_hasBegun)
            return false;
        var server = await Server.ConnectAsync(Side.Target, _target, ct);
        await using var target = await server.OpenAsync("engine", ct);
        if (await target.QueryValueAsync<bool>("SELECT pg_catalog.to_regnamespace('pgbaton') IS NOT NULL", ct))
            return false;
        if (!_isEnding)
            throw Errors.EndedByAnother(server.Address);
        return _endsWith is null ? true : throw _endsWith;
    }
}
