using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Schema;
using PgBaton.Subscription;
using PgBaton.Tables;
using PgBaton.Verify;

namespace PgBaton;

/// <summary>
/// The two steps in which a migration may stay for weeks, <c>follow</c> and <c>return</c>: the relay applies what the writer's side commits, and
/// the operator's words are carried out.
/// </summary>
static class Following
{
    const int VerifyRounds = 3;

    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    public static async Task<StepResult> RunAsync(Migration migration, CancellationToken ct)
    {
        try
        {
            return await UntilTurnAsync(migration, ct);
        }
        catch (MigrationException stopped) when (stopped.ExitCode == ExitCode.Stopped && stopped.Code is not ("PB0205" or Errors.AbortSaid) && !Transient.Is(stopped))
        {
            // Nobody waits for them any more when the stream goes on: the next process must not cut over unasked, nor what settles the reason stand behind them.
            foreach (var word in (await migration.Journal.ListWordsAsync(ct)).Where(NeedsToBeInStep))
                await migration.Journal.EndWordAsync(word, stopped.ExitCode, stopped, ct);
            throw;
        }
    }

    static bool NeedsToBeInStep(Word word) => word.Name is "verify" or "cutover" or "rollback" or "via";

    static async Task<StepResult> UntilTurnAsync(Migration migration, CancellationToken ct)
    {
        var again = new HashSet<string>();
        while (true)
        {
            var hasStream = await PrepareAsync(migration, ct);
            if (hasStream && await FollowingServers.RunAsync(migration, ct) is { } reached)
                return reached;
            // Before the stream is touched: it may have stopped for the very change that this word settles.
            if (await migration.Journal.NextWordAsync(ct) is { } word && (word.Name == "drift" || Settles(word)))
            {
                if (hasStream && word.Arguments.Apply && !migration.Direction.IsBack && await SchemaDrift.IsOfValuesAsync(migration, ct))
                    await CatchUp.RunAsync(migration, ct);
                if (await HeedAsync(migration, word, hasStream || !migration.Direction.IsBack, ct) is { } settled)
                    return settled;
            }

            if (!migration.Direction.IsBack)
                await JoinTables.ResumeAsync(migration, ct);
            try
            {
                if (await FollowAsync(migration, hasStream, ct) is { } result)
                    return result;
                if (hasStream)
                    await StepAsideAsync(migration, ct);
            }
            catch (MigrationException failure) when (IsOfFormerShape(failure) && !migration.Direction.IsBack)
            {
                if (failure.About is not { } table || !again.Add(table) || !await JoinTables.CopyAgainAsync(migration, table, ct))
                    throw;
            }

            await migration.StopRelayAsync();
        }
    }

    // Columns that the target has no longer, or a value that its type reads no longer: rows of before the DDL that was settled.
    static bool IsOfFormerShape(MigrationException failure) => failure is { Code: "PB0505" } or { Code: Errors.ApplyRefused, SqlState: "22P02" or "22P03" };

    // For the servers, if it is for them that the stream is to stand.
    static async Task StepAsideAsync(Migration migration, CancellationToken ct)
    {
        if (await migration.Journal.NextWordAsync(ct) is { Name: "via" } word)
        {
            await AnswerAsync(migration, word, async () =>
            {
                if (word.Arguments.Via == Via.Subscription)
                    await HandOver.RunAsync(migration, ct);
                await migration.Journal.SetFactAsync(Fact.Via, word.Arguments.Via == Via.Subscription ? Fact.Subscription : null, ct);
            }, ct);
        }
        else if (await FollowingServers.MayTakeOverAsync(migration, ct))
        {
            await FollowingServers.TakeOverAsync(migration, ct);
        }
    }

    // Null: the stream is to stand, for a word or because the servers can take over.
    static async Task<StepResult?> FollowAsync(Migration migration, bool hasStream, CancellationToken ct)
    {
        await migration.Journal.SetFactAsync(Fact.InSyncAt, null, ct); // What an earlier run proved may be long ago.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var carrier = new RelayCarrier(migration);
        var heart = hasStream ? Heart.BeatAsync(migration, carrier, stop.Token) : Task.Delay(Timeout.Infinite, stop.Token);
        try
        {
            return await ListenAsync(migration, heart, hasStream, ct);
        }
        catch (MigrationException failure)
        {
            await stop.EndAsync(heart); // It would start the stream again.
            if (hasStream && failure.Code == Errors.ApplyRefused && await CatchUp.PassesSinglyAsync(migration, ct))
                return null;
            throw await ExplainAsync(migration, failure, ct);
        }
        finally
        {
            await stop.EndAsync(heart);
        }
    }

    // It changes what the target holds and what the stream brings.
    static bool Settles(Word word) => word.Name == "tables" || (word.Name == "drift" && (word.Arguments.Apply || word.Arguments.Accept));

    // After the writers moved, the slot of the way they came would only keep WAL; and the side they left gets changes now, on which nothing of its
    // own may act. False: nothing carries changes to it.
    static async Task<bool> PrepareAsync(Migration migration, CancellationToken ct)
    {
        if (!migration.Direction.IsBack && !Lane.Of(migration.Options).Follows)
            return false;
        if (await migration.Journal.GetFactAsync(Fact.Direction, ct) is null)
            return true;
        await CreateSlot.DropAsync(migration.Direction.Opposite, ct);
        if (migration.Direction.IsBack && await migration.Journal.GetFactAsync(Fact.WayBack, ct) is not null)
            return false;
        await Schema.Hold.SubscriberAsync(migration, ct);
        return true;
    }

    static async Task<StepResult?> ListenAsync(Migration migration, Task heart, bool hasStream, CancellationToken ct)
    {
        while (true)
        {
            if (hasStream)
                await migration.RelayAsync(ct); // Fails here if the relay has failed.
            if (heart.IsCompleted)
                await heart;
            if (hasStream && await FollowingServers.MayTakeOverAsync(migration, ct))
                return null;
            if (migration.Goal == Goal.Copied
                || (migration.Goal == Goal.InSync && (migration.Direction.IsBack || !hasStream || await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is not null)))
                return StepResult.GoalReached;
            if (await migration.Journal.NextWordAsync(ct) is { } word)
            {
                if (word.Name == "via" && hasStream)
                    return null;
                if (Settles(word) && hasStream && (word.Name == "tables" || !migration.Direction.IsBack))
                {
                    await CatchUp.TryAsync(migration, ct);
                    return null;
                }

                if (await HeedAsync(migration, word, hasStream, ct) is { } result)
                    return result;
            }
            else if (migration.Goal.WordId is not null && !(hasStream && await FollowingServers.AreWantedAsync(migration, ct)))
            {
                return StepResult.GoalReached; // It has been answered, one way or the other, and nobody is to get the stream from us.
            }
            else
            {
                await Task.Delay(_interval, migration.Time, ct);
            }
        }
    }

    // It changes rows or tables of the target, which the stream then has to take up.
    static bool NeedsStream(Word word) => Settles(word) || word.Name == "via" || (word.Name == "verify" && word.Arguments.Repair);

    // Null: go on following.
    static async Task<StepResult?> HeedAsync(Migration migration, Word word, bool hasStream, CancellationToken ct)
    {
        switch (word.Name)
        {
            case "abort" or "cancel" or "pause" or "resume": // The loop hears these itself, within moments.
                await Task.Delay(_interval, migration.Time, ct);
                break;
            case "finish" when migration.Direction.IsBack:
                await migration.Journal.SetFactAsync(Fact.UnlockSource, word.Arguments.UnlockSource ? "true" : null, ct);
                return StepResult.Done; // Answered by the journal's absence.
            case "cutover" when migration.Direction.IsBack: // It was, but whoever asked has not heard.
                await migration.Journal.EndWordAsync(word, ExitCode.Done, null, ct);
                break;
            case "rollback" or "verify" or "via" or "tables" when !hasStream && migration.Direction.IsBack:
                await migration.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.NoWayBack(), ct);
                break;
            case var name when NeedsStream(word) && !Lane.Of(migration.Options).Follows:
                await migration.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused(name, "with --offline nothing is followed; abort and begin again"), ct);
                break;
            case "drift" or "tables" when word.Name == "tables" || !migration.Direction.IsBack:
                await AnswerAsync(migration, word, () => Settlement.RunAsync(migration, word, ct), ct);
                break;
            case "verify":
                await AnswerAsync(migration, word, () => VerifyAsync(migration, word, ct), ct);
                break;
            case var name when name == migration.Direction.Word:
                if (await MayTurnAsync(migration, word, ct))
                    return StepResult.Turn;
                break;
            default:
                var why = migration.Direction.IsBack ? "the target is the writer" : "the source is the writer";
                await migration.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused(word.Name, why), ct);
                break;
        }

        return migration.Goal.WordId == word.Id && !(hasStream && await FollowingServers.AreWantedAsync(migration, ct)) ? StepResult.GoalReached : null;
    }

    static async Task VerifyAsync(Migration migration, Word word, CancellationToken ct)
    {
        var arguments = word.Arguments;
        var options = new VerifyOptions { Show = arguments.Show, Values = arguments.Values, MaxRate = arguments.MaxRate, WordId = word.Id };
        if (arguments.Counts && (await CountTables.RunAsync(migration, options, ct)).ToError() is { } count)
            throw count;
        if (arguments.Counts)
            return;
        var report = await VerifyTables.RunAsync(migration, options, ct);
        if (arguments.Repair && !report.IsEqual)
            report = await RepairTables.RunAsync(migration, options, report, ct);
        if (report.ToError() is { } difference)
            throw difference;
    }

    // Verifies what is unverified, then asks whether anything keeps the cutover from beginning. True: the fence may be set. A rehearsal ends here.
    static async Task<bool> MayTurnAsync(Migration migration, Word word, CancellationToken ct)
        => await AnswerAsync(migration, word, async () =>
        {
            await Gates.StreamMustBeWholeAsync(migration, ct);
            await Definitions.RememberAsync(migration, ct);
            if (!migration.Direction.IsBack && await SchemaDrift.FindAsync(migration, ct, always: true) is { Count: > 0 } changes)
                throw Errors.SchemaDrifted(changes, inner: null);
            await PassGatesAsync(migration, word, ct);
            if (word.Arguments.Rehearse)
                migration.Report(await Rehearsal.RunAsync(migration, word.Arguments, ct));
        }, ct, answerSuccess: word.Arguments.Rehearse) && !word.Arguments.Rehearse;

    // A table that is emptied or rewritten just when all are verified is verified once more.
    static async Task PassGatesAsync(Migration migration, Word word, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            if (!Lane.Of(migration.Options).LosesWrites) // Compared as it was copied; how far apart they are by then is said inside the fence.
                await VerifyWhatIsNotAsync(migration, ct);
            var blockers = await Gates.ListAsync(migration, word.Arguments, ct);
            if (blockers.Count == 0)
                return;
            if (round == VerifyRounds || blockers.Any(blocker => blocker.Code != Gates.Unverified))
                throw Errors.CutoverBlocked(word.Name, blockers);
        }
    }

    // While large tables are compared, others may be written so much that they have to be compared whole as well; after that, it is left at telling.
    static async Task VerifyWhatIsNotAsync(Migration migration, CancellationToken ct)
    {
        for (var round = 1; round <= VerifyRounds; round++)
        {
            var report = await VerifyTables.RunAsync(migration, new VerifyOptions { OnlyUnverified = true }, ct);
            if (report.ToError() is { } difference)
                throw difference;
            if (report.Tables.Count == 0)
                return;
        }
    }

    // What the target's schema became since the cutover is nowhere written down; a rollback asks for the tables (PB1703).
    static async Task<MigrationException> ExplainAsync(Migration migration, MigrationException failure, CancellationToken ct)
        => migration.Direction.IsBack ? failure : await SchemaDrift.ExplainAsync(migration, failure, ct);

    static async Task<bool> AnswerAsync(Migration migration, Word word, Func<Task> work, CancellationToken ct, bool answerSuccess = true)
    {
        try
        {
            await work();
            if (answerSuccess)
                await migration.Journal.EndWordAsync(word, ExitCode.Done, null, ct);
            return true;
        }
        catch (MigrationException failure) when (!Transient.Is(failure) && (migration.Direction.IsBack || !IsOfFormerShape(failure))) // That is mended first, then it is tried again.
        {
            await migration.Journal.EndWordAsync(word, failure.ExitCode, await ExplainAsync(migration, failure, ct), ct);
            return false;
        }
    }
}
