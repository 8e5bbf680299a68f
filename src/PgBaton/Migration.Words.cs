using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

public sealed partial class Migration
{
    static readonly TimeSpan _wordInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Has a word carried out and returns the answer: by the engine, if one is running, or by this process, which then becomes the engine
    /// until it is done.
    /// </summary>
    /// <param name="name">verify, cutover, rollback, cancel, pause, resume, finish, abort.</param>
    /// <param name="arguments">What goes with it.</param>
    /// <param name="ct">Ends the waiting; what was said stays said.</param>
    /// <exception cref="MigrationException">PB0206: there is no migration to speak to. PB0211: the copy is not done. PB0720.</exception>
    public async Task<WordOutcome> SayAsync(string name, WordArguments arguments, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Cutover.Pooler.MustHoldNoPassword(arguments.PgBouncer);
        var target = await Server.ConnectAsync(Side.Target, _target, ct);
        await using var connection = await target.OpenAsync("word", ct);
        if (!await JournalReader.ExistsAsync(connection, target.Address, ct))
            throw Errors.NoMigration(target.Address);
        if (_source is null && await JournalReader.FindEngineAsync(connection, ct) is null)
            throw Errors.MissingConnectionString(Side.Source); // Nobody would carry it out now, and somebody later unawares.

        if (name is not ("abort" or "pause" or "resume") && !await JournalReader.IsCopiedAsync(connection, ct))
            throw Errors.NotCopiedYet(name); // Said now, it would be done hours later, when nobody expects it any more.

        var tail = new JournalTail(connection, Report);
        await tail.ReadAsync(ct);
        var word = await Word.FindLeftAsync(connection, name, arguments, ct) ?? await Word.SayAsync(connection, name, arguments, ct);
        while (true)
        {
            // Finish and abort drop the journal: its absence is their answer.
            if (!await JournalReader.ExistsAsync(connection, target.Address, ct))
                return new WordOutcome((int)ExitCode.Done, null);
            bool isRunning;
            try
            {
                var answer = await word.OutcomeAsync(connection, ct);
                await tail.ReadAsync(ct);
                if (answer is not null)
                    return answer;
                isRunning = await JournalReader.FindEngineAsync(connection, ct) is not null;
            }
            catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                continue; // The journal went away in between: the next look at it will tell.
            }

            if (isRunning)
                await Task.Delay(_wordInterval, Time, ct);
            else
                await BecomeEngineForAsync(word, tail, ct);
        }
    }

    async Task BecomeEngineForAsync(Word word, JournalTail tail, CancellationToken ct)
    {
        try
        {
            await RunAsync(new Goal(word.Name, word.Id), ct);
        }
        catch (MigrationException failure) when (failure.Code == "PB0204")
        {
            // Another process was faster: it will take the word.
        }

        tail.Skip();
    }

    // Runs a step and listens meanwhile for the words that may interrupt one.
    async Task<StepResult> HeedingWordsAsync(Step step, CancellationToken ct)
    {
        if (step == Steps[^1])
            return await step.RunAsync(this, ct); // It drops the journal, and the words with it.

        if (Fence is null && await RestAsync(ct)) // Writers do not wait for that.
            return StepResult.GoalReached;
        // What is to be undone is not begun: it may fail before the word is heard.
        if (await Journal.FindWordAsync("abort", ct) is not null && await InterruptionAsync(step, ct) is { Name: "abort" } abort && await CarryOutAsync(abort, ct) is { } said)
            throw said;
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = step.RunAsync(this, interrupt.Token);
        try
        {
            return await HeedingWordsAsync(step, running, interrupt, ct);
        }
        finally
        {
            // The journal may have failed while the step did not: nothing of it may run on beside the next try.
            await interrupt.EndAsync(running);
        }
    }

    async Task<StepResult> HeedingWordsAsync(Step step, Task<StepResult> running, CancellationTokenSource interrupt, CancellationToken ct)
    {
        while (await Task.WhenAny(running, Task.Delay(_wordInterval, Time, ct)) != running && !ct.IsCancellationRequested)
        {
            await (_slotWatch?.MustGoOnAsync() ?? Task.CompletedTask);
            if (await InterruptionAsync(step, ct) is not { } word)
                continue;
            await interrupt.EndAsync(running);
            if (word.Name == "pause")
                return running.IsCompletedSuccessfully ? await running : await HeedingWordsAsync(step, ct);
            if (word.Name is "verify" or "cancel" && !step.IsFenced)
            {
                await (word.Name == "verify" ? StopVerifyingAsync(ct) : WithdrawAsync(word, ct));
                return running.IsCompletedSuccessfully && word.Name == "verify" ? await running : await HeedingWordsAsync(step, ct);
            }

            if (await CarryOutAsync(word, ct) is { } said)
                throw said;
            return running.IsCompletedSuccessfully ? await running : await step.RunAsync(this, ct);
        }

        return await running;
    }

    // Asked once more now that the step stands still: the decision may have been made while it was being stopped.
    async Task<MigrationException?> CarryOutAsync(Word word, CancellationToken ct)
    {
        if (await Gate.Decision.IsMadeAsync(this, ct))
        {
            await Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused(word.Name, "it is decided"), ct);
            return null;
        }

        if (word.Name == "abort")
            return Errors.Aborted();
        await Journal.EndWordAsync(word, ExitCode.Done, null, ct);
        return Errors.CutoverCancelled(wasFenced: true);
    }

    // A word that may interrupt the step; one that may not is refused here. Asked four times a second: one question for all of them.
    async Task<Word?> InterruptionAsync(Step step, CancellationToken ct)
    {
        var words = await Journal.ListWordsAsync(ct);
        if (words.Find(word => word.Name == "abort") is { } abort)
        {
            if (!Direction.IsBack && !await Gate.Decision.IsMadeAsync(this, ct))
                return abort;
            await Journal.EndWordAsync(abort, ExitCode.Blocked, Errors.WordRefused("abort", "the target is the writer"), ct);
        }

        if (words.Find(word => word.Name == "resume") is { } resume)
            await AnswerPauseAsync(resume, ct);
        if (words.Find(word => word.Name == "pause") is { } pause)
        {
            if (!step.IsFenced)
                return pause;
            await Journal.EndWordAsync(pause, ExitCode.Blocked, Errors.WordRefused("pause", "a cutover is under way"), ct);
        }

        return step.IsFenced ? await CancelInFenceAsync(words, ct) : await CancelAsync(step, words, ct);
    }

    async Task<Word?> CancelInFenceAsync(List<Word> words, CancellationToken ct)
    {
        if (words.Find(word => word.Name == "cancel") is not { } cancel)
            return null;
        if (!await Gate.Decision.IsMadeAsync(this, ct))
            return cancel;
        await RefuseCancelAsync(cancel, ct);
        return null;
    }

    Task RefuseCancelAsync(Word cancel, CancellationToken ct)
        => Journal.EndWordAsync(cancel, ExitCode.Blocked, Errors.WordRefused("cancel", "no cutover and no comparison is under way"), ct);
}
