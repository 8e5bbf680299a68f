using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

/// <summary>The steps of the way back, without the loop.</summary>
public sealed class RollbackStepTests
{
    const string Schema = "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE TABLE u (id int PRIMARY KEY)";

    const string WriterWaits =
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";

    static readonly TimeSpan _soon = TimeSpan.FromSeconds(2);

    static async Task<GatePair> OnTargetAsync()
    {
        var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.Source.ExecuteAsync("INSERT INTO t VALUES (1, 'on the source')");
        await pair.CutOverAsync();
        await pair.Migration.TurnRoundAsync(default);
        return pair;
    }

    [Fact]
    public async Task what_the_target_commits_is_carried_to_the_closed_source()
    {
        await using var pair = await OnTargetAsync();
        await pair.Target.ExecuteAsync("INSERT INTO t VALUES (2, 'on the target'); UPDATE t SET note = note || '!'; DELETE FROM t WHERE id = 1");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal("on the target!", await pair.Source.QueryAsync<string>("SELECT string_agg(note, ',') FROM t"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "SET transaction_read_only = off; INSERT INTO t VALUES (3)"));
    }

    [Fact]
    public async Task a_rollback_that_is_taken_back_lets_the_targets_writers_go_on_at_once_and_leaves_no_slot()
    {
        await using var pair = await OnTargetAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await using var waiting = await pair.Target.OpenAsync();
        var write = waiting.ExecuteAsync("INSERT INTO t VALUES (9)", default);
        await pair.Target.WaitForAsync(WriterWaits);
        var undoing = SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal(1, await write.WaitAsync(_soon));
        await undoing;
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
        Assert.Equal(0L, await pair.Source.QueryAsync<long>($"SELECT count(*) FROM pg_replication_slots WHERE slot_name = '{pair.Migration.Direction.Opposite.SlotName}'"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "SET transaction_read_only = off; INSERT INTO t VALUES (3)"));
    }

    [Theory]
    [InlineData("fence")]
    [InlineData("reverse")]
    public async Task a_rollback_whose_fence_dies_before_the_decision_lets_the_targets_writers_go_on(string after)
    {
        await using var pair = await OnTargetAsync();
        await SetFence.RunAsync(pair.Migration, default);
        if (after == "reverse")
            await StartReverse.RunAsync(pair.Migration, default);
        await using var waiting = await pair.Target.OpenAsync();
        var write = waiting.ExecuteAsync("INSERT INTO t VALUES (9)", default);
        await pair.Target.WaitForAsync(WriterWaits);
        await pair.Target.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbaton/fence' AND datname = current_database()");
        Assert.Equal(1, await write.WaitAsync(_soon));
        await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
    }

    [Fact]
    public async Task a_rollback_closes_the_target_and_opens_the_source()
    {
        await using var pair = await OnTargetAsync();
        await pair.Target.ExecuteAsync("INSERT INTO t VALUES (2, 'on the target')");
        await pair.CutOverAsync();
        Assert.True(await Decision.IsMadeAsync(pair.Migration, default));
        Assert.Equal("source", await pair.Migration.Journal.GetFactAsync(Fact.Writer, default));
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO t VALUES (3, 'back')"));
        Assert.Equal(3L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM t"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "SET transaction_read_only = off; INSERT INTO t VALUES (4)"));
        await pair.Migration.TurnRoundAsync(default);
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal(3L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task a_decision_that_was_followed_by_a_crash_is_carried_out_by_the_next_engine()
    {
        await using var pair = await OnTargetAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await StartReverse.RunAsync(pair.Migration, default);
        await pair.Migration.Fence!.SealAsync(default);
        await pair.Migration.Fence.DecideAsync(default);
        await pair.RestartAsync();
        Assert.True(pair.Migration.Direction.IsBack);
        await Assert.ThrowsAsync<MigrationException>(() => SetFence.UndoAsync(pair.Migration, default));
        await DecideAndOpen.RunAsync(pair.Migration, default);
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO t VALUES (3, 'back')"));
    }

    [Fact]
    public async Task a_former_engine_cannot_commit_on_the_source_any_more()
    {
        await using var pair = await OnTargetAsync();
        var relay = await pair.Migration.RelayAsync(default);
        await relay.PassMarkerAsync(default);
        await pair.Source.ExecuteAsync("SET transaction_read_only = off; UPDATE pgbaton.progress SET epoch = epoch + 1"); // As the next engine does.
        await pair.Target.ExecuteAsync("INSERT INTO t VALUES (2, 'late')");
        var failure = await Assert.ThrowsAsync<MigrationException>(() => relay.Completion.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("PB0205", failure.Code);
        Assert.Equal(1L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task who_writes_on_the_target_around_its_gate_stops_the_cutover()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Target.ExecuteAsync("ALTER TABLE u DISABLE TRIGGER ALL; INSERT INTO u VALUES (1)");
        var failure = await Assert.ThrowsAsync<MigrationException>(() => StartReverse.RunAsync(pair.Migration, default));
        Assert.Equal(("PB0717", "\"public\".\"u\""), (failure.Code, failure.About));
    }

    [Fact]
    public async Task the_new_slot_starts_behind_what_our_relay_has_applied()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await SetFence.UndoAsync(pair.Migration, default);
        await pair.Source.ExecuteAsync("INSERT INTO t SELECT i, 'x' FROM generate_series(1, 1000) i");
        await pair.CutOverAsync();
        await pair.Migration.TurnRoundAsync(default);
        var relay = await pair.Migration.RelayAsync(default);
        await relay.PassMarkerAsync(default);
        Assert.Equal(0, relay.ChangeCount);
        await pair.Target.ExecuteAsync("INSERT INTO u VALUES (1)");
        await relay.PassMarkerAsync(default);
        Assert.Equal(1, relay.ChangeCount);
    }
}
