using System.Globalization;
using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Schema;
using PgBaton.Verify;

namespace PgBaton;

/// <summary>The step in which a migration may stay for weeks: the relay applies, and the operator's words are carried out.</summary>
static class Follow
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(10);

    /// <summary>A heartbeat that comes back within this time means: in sync.</summary>
    static readonly TimeSpan _inSync = TimeSpan.FromSeconds(5);

    public static async Task<StepResult> RunAsync(Migration migration, CancellationToken ct)
    {
        // Before the stream is touched: it may have stopped for the very change that this word settles.
        if (await migration.Journal.NextWordAsync(ct) is { Name: "drift" } drift && await HeedAsync(migration, drift, ct) is { } settled)
            return settled;
        await migration.Journal.SetFactAsync(Fact.InSyncAt, null, ct); // What an earlier run proved may be long ago.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var heart = BeatAsync(migration, stop.Token);
        try
        {
            return await FollowAsync(migration, heart, ct);
        }
        catch (MigrationException failure)
        {
            throw await SchemaDrift.ExplainAsync(migration, failure, ct);
        }
        finally
        {
            await stop.CancelAsync();
            await heart.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    static async Task<StepResult> FollowAsync(Migration migration, Task heart, CancellationToken ct)
    {
        while (true)
        {
            await migration.RelayAsync(ct); // Fails here if the relay has failed.
            if (heart.IsCompleted)
                await heart;
            if (migration.Goal == Goal.InSync && await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is not null)
                return StepResult.GoalReached;
            if (await migration.Journal.NextWordAsync(ct) is { } word)
            {
                if (await HeedAsync(migration, word, ct) is { } result)
                    return result;
            }
            else if (migration.Goal.WordId is not null)
            {
                return StepResult.GoalReached; // Answered when its cutover failed.
            }
            else
            {
                await Task.Delay(_interval, migration.Time, ct);
            }
        }
    }

    // Null: go on following.
    static async Task<StepResult?> HeedAsync(Migration migration, Word word, CancellationToken ct)
    {
        switch (word.Name)
        {
            case "verify":
                await AnswerAsync(migration, word, () => VerifyAsync(migration, word.Arguments, ct), ct);
                break;
            case "cutover":
                if (await PrepareCutoverAsync(migration, word, ct))
                    return StepResult.Done;
                break;
            case "drift":
                await AnswerAsync(migration, word, () => SettleDrift.RunAsync(migration, word.Arguments, ct), ct);
                break;
            case "abort" or "cancel": // The loop hears these itself, within moments.
                await Task.Delay(_interval, migration.Time, ct);
                break;
            default:
                await migration.Journal.EndWordAsync(word, ExitCode.Blocked, Errors.WordRefused(word.Name, "the target is not the writer yet"), ct);
                break;
        }

        return migration.Goal.WordId == word.Id ? StepResult.GoalReached : null;
    }

    static async Task VerifyAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        var options = new VerifyOptions { Show = arguments.Show };
        var error = arguments.Counts
            ? (await CountTables.RunAsync(migration, options, ct)).ToError()
            : (await VerifyTables.RunAsync(migration, options, ct)).ToError();
        if (error is not null)
            throw error;
    }

    // Verifies what is unverified, then asks whether anything keeps the cutover from beginning. True: the fence may be set.
    static async Task<bool> PrepareCutoverAsync(Migration migration, Word word, CancellationToken ct)
        => await AnswerAsync(migration, word, async () =>
        {
            if (await SchemaDrift.FindAsync(migration, ct) is { Count: > 0 } changes)
                throw Errors.SchemaDrifted(changes, inner: null);
            if ((await VerifyTables.RunAsync(migration, new VerifyOptions { OnlyUnverified = true }, ct)).ToError() is { } difference)
                throw difference;
            var blockers = await Gates.ListAsync(migration, ct);
            if (blockers.Count > 0)
                throw Errors.CutoverBlocked(blockers);
        }, ct, answerSuccess: false);

    static async Task<bool> AnswerAsync(Migration migration, Word word, Func<Task> work, CancellationToken ct, bool answerSuccess = true)
    {
        try
        {
            await work();
            if (answerSuccess)
                await migration.Journal.EndWordAsync(word, ExitCode.Done, null, ct);
            return true;
        }
        catch (MigrationException failure) when (!Transient.Is(failure))
        {
            await migration.Journal.EndWordAsync(word, failure.ExitCode, await SchemaDrift.ExplainAsync(migration, failure, ct), ct);
            return false;
        }
    }

    // Proves again and again that the target is in step, and says how far behind it is.
    static async Task BeatAsync(Migration migration, CancellationToken ct)
    {
        var watch = new DriftWatch(migration);
        while (true)
        {
            var relay = await migration.RelayAsync(ct);
            var started = migration.Time.GetTimestamp();
            var beat = relay.PassMarkerAsync(ct);
            while (await Task.WhenAny(beat, Task.Delay(TimeSpan.FromSeconds(1), migration.Time, ct)) != beat)
                await ReportLagAsync(migration, relay, ct);
            await beat;

            var elapsed = migration.Time.GetElapsedTime(started);
            await migration.Journal.SetFactAsync(Fact.HeartbeatAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
            await ReportLagAsync(migration, relay, ct);
            if (elapsed < _inSync)
                await ReportInSyncAsync(migration, elapsed, ct);
            await watch.LookAsync(ct);
            for (var waited = TimeSpan.Zero; waited < _heartbeatInterval; waited += TimeSpan.FromSeconds(1))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), migration.Time, ct);
                await ReportLagAsync(migration, relay, ct);
            }
        }
    }

    static async Task ReportInSyncAsync(Migration migration, TimeSpan elapsed, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is null)
            migration.Report(new InSync(elapsed.TotalSeconds));
        await migration.Journal.SetFactAsync(Fact.InSyncAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
    }

    static async Task ReportLagAsync(Migration migration, Relay.RelayRun relay, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("lag", ct);
        var written = await source.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct);
        var bytes = (long)(ulong)written - (long)(ulong)relay.AppliedLsn;
        var seconds = relay.CommittedAt is { } committed ? Math.Max(0, (migration.Time.GetUtcNow() - committed).TotalSeconds) : 0;
        migration.Report(new LagMeasured(Math.Max(0, bytes), seconds, relay.AppliedLsn.ToString(), relay.TransactionCount, relay.ChangeCount));
    }
}
