using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

public sealed class FenceTests
{
    const string Schema = "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE TABLE u (id int PRIMARY KEY); CREATE SEQUENCE s";

    const string WriterWaits =
        """
        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885823585 AND objid = 1734440037
                          AND mode = 'ShareLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;

    const string FenceWaits =
        """
        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885823585 AND objid = 1734440037
                          AND mode = 'ExclusiveLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;

    static async Task<GatePair> FollowingAsync(string schema = Schema)
    {
        var pair = await GatePair.CreateAsync(schema);
        await pair.FollowAsync();
        return pair;
    }

    [Fact]
    public async Task the_fence_waits_for_the_write_in_flight_and_its_row_reaches_the_target()
    {
        await using var pair = await FollowingAsync();
        await pair.ArmAsync();
        await using var writer = await pair.Source.OpenAsync();
        await using var inFlight = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("INSERT INTO t VALUES (1)", default);
        var fencing = SetFence.RunAsync(pair.Migration, default);
        await pair.Source.WaitForAsync(FenceWaits);
        await writer.ExecuteAsync("INSERT INTO t VALUES (2)", default);
        await inFlight.CommitAsync();
        await fencing;
        Assert.Equal(2L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM t"));
        Assert.Equal(pair.Event<MarkerApplied>().Lsn, await pair.Migration.Journal.GetFactAsync(Fact.FenceLsn, default));
    }

    [Fact]
    public async Task writers_that_wait_go_on_after_a_cancelled_cutover_as_if_nothing_had_happened()
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await using var waiting = await pair.Source.OpenAsync();
        var write = waiting.ExecuteAsync("INSERT INTO t VALUES (1)", default);
        await pair.Source.WaitForAsync(WriterWaits);
        await using var newcomer = await pair.Source.OpenAsync();
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal(1, await write);
        Assert.Equal(1, await newcomer.ExecuteAsync("INSERT INTO t VALUES (2)", default));
        Assert.Equal("off", await pair.Source.QueryAsync<string>("SHOW default_transaction_read_only"));
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
    }

    [Fact]
    public async Task a_snapshot_from_before_the_fence_is_refused_even_after_the_fence_is_lifted()
    {
        await using var pair = await FollowingAsync();
        await pair.ArmAsync();
        await using var old = await pair.Source.OpenAsync();
        await using var transaction = await old.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await old.ExecuteAsync("SELECT FROM t", default);
        await SetFence.RunAsync(pair.Migration, default);
        var write = GatePair.FailureAsync(old, "INSERT INTO t VALUES (1)");
        await pair.Source.WaitForAsync(WriterWaits);
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal("40001", await write);
    }

    [Theory]
    [InlineData("REPEATABLE READ")]
    [InlineData("SERIALIZABLE")]
    [InlineData("READ COMMITTED")]
    public async Task a_transaction_from_before_the_decision_is_refused_by_the_function_alone(string isolation)
    {
        await using var pair = await FollowingAsync();
        await pair.ArmAsync();
        await using var old = await pair.Source.OpenAsync();
        await old.ExecuteAsync($"BEGIN ISOLATION LEVEL {isolation}; SELECT FROM t", default);
        await SourceGateTests.CloseAsync(pair); // What the decision does, without ending sessions.
        Assert.Equal("25006", await GatePair.FailureAsync(old, "INSERT INTO t VALUES (1)"));
    }

    [Fact]
    public async Task a_fence_whose_session_is_ended_lifts_by_itself_and_cannot_decide()
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await using var waiting = await pair.Source.OpenAsync();
        var write = waiting.ExecuteAsync("INSERT INTO t VALUES (1)", default);
        await pair.Source.WaitForAsync(WriterWaits);
        await pair.Source.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbaton/fence' AND datname = current_database()");
        Assert.Equal(1, await write);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Equal("PB0707", failure.Code);
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "INSERT INTO t VALUES (7)"));
    }

    [Fact]
    public async Task a_fence_whose_process_sleeps_is_ended_by_the_server_when_the_budget_is_used_up()
    {
        await using var pair = await FollowingAsync();
        await pair.SayAsync("cutover", new WordArguments { MaxDowntimeSeconds = 3 });
        await SetFence.RunAsync(pair.Migration, default);
        Assert.Equal(1, await WriteAsync(pair)); // Nobody of ours does anything any more.
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Contains(failure.Code, new[] { "PB0703", "PB0707" });
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
    }

    [Fact]
    public async Task a_writer_that_does_not_end_uses_up_the_budget_and_is_named()
    {
        await using var pair = await FollowingAsync();
        await pair.ArmAsync();
        await using var writer = await pair.Source.OpenAsync();
        await writer.ExecuteAsync("BEGIN; INSERT INTO t VALUES (1)", default);
        await pair.SayAsync("cutover", new WordArguments { MaxDowntimeSeconds = 0.3 });
        var failure = await Assert.ThrowsAsync<MigrationException>(() => SetFence.RunAsync(pair.Migration, default));
        Assert.Equal("PB0703", failure.Code);
        Assert.Contains($"session {writer.ProcessID}", failure.Message, StringComparison.Ordinal);
        Assert.Null(pair.Migration.Fence);
        Assert.Equal(1, await WriteAsync(pair));
        await writer.ExecuteAsync("COMMIT", default);
    }

    [Fact]
    public async Task a_writer_that_has_locked_rows_before_does_not_deadlock_with_the_fence()
    {
        await using var pair = await FollowingAsync();
        await pair.ArmAsync();
        await pair.Source.ExecuteAsync("INSERT INTO t VALUES (1, 'a')");
        await using var locker = await pair.Source.OpenAsync();
        await locker.ExecuteAsync("BEGIN; SELECT FROM t WHERE id = 1 FOR UPDATE", default);
        await using var writer = await pair.Source.OpenAsync();
        await writer.ExecuteAsync("BEGIN; INSERT INTO u VALUES (1)", default);
        var blocked = writer.ExecuteAsync("UPDATE t SET note = 'w' WHERE id = 1", default);
        await pair.Source.WaitForAsync($"SELECT cardinality(pg_blocking_pids({writer.ProcessID})) > 0");
        var fencing = SetFence.RunAsync(pair.Migration, default);
        await pair.Source.WaitForAsync(FenceWaits);

        await locker.ExecuteAsync("UPDATE t SET note = 'l' WHERE id = 1; COMMIT", default); // Queues behind the fence, which waits for the other.
        Assert.Equal(1, await blocked);
        await writer.ExecuteAsync("COMMIT", default);
        await fencing;
        Assert.Equal("w", await pair.Target.QueryAsync<string>("SELECT note FROM t"));
    }

    [Fact]
    public async Task the_fence_of_a_former_engine_is_lifted_by_the_next_one_and_its_decision_refused()
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        var zombie = pair.Migration.Fence!;
        pair.Migration.Fence = null; // The loop's own would be disposed with it.
        await pair.RestartAsync();
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal(1, await WriteAsync(pair));
        await Assert.ThrowsAnyAsync<Exception>(() => zombie.DecideAsync(default));
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
        await zombie.DisposeAsync();
    }

    [Fact]
    public async Task a_fence_without_its_epoch_in_the_gate_may_not_decide()
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Source.ExecuteAsync("UPDATE pgbaton.gate SET epoch = NULL");
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Equal("PB0708", failure.Code);
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal(1, await WriteAsync(pair));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "INSERT INTO t VALUES (7)"));
    }

    [Fact]
    public async Task a_write_around_the_gate_stops_the_cutover()
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Source.ExecuteAsync("ALTER TABLE t DISABLE TRIGGER ALL; INSERT INTO t VALUES (1)");
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Equal("PB0709", failure.Code);
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
    }

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN late int", "\"public\".\"t\"")]
    [InlineData("CREATE TABLE late (id int)", "\"public\".\"late\"")]
    [InlineData("DROP TABLE u", "\"public\".\"u\"")]
    [InlineData("ALTER TABLE t ALTER note TYPE varchar USING note || 'x'", "\"public\".\"t\"")]
    public async Task ddl_after_the_fence_stops_the_cutover(string ddl, string table)
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Source.ExecuteAsync(ddl);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Equal(("PB0713", table), (failure.Code, failure.About));
    }

    [Theory]
    [InlineData("CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE VIEW late AS SELECT 1 AS one")]
    [InlineData("ALTER TABLE t ADD CHECK (id < 0) NOT VALID")]
    [InlineData("CREATE UNIQUE INDEX late ON t (id, note)")]
    [InlineData("CREATE TYPE late AS ENUM ('a')")]
    [InlineData("COMMENT ON TABLE t IS 'late'")]
    [InlineData("ALTER TABLE t ALTER note SET DEFAULT 'late'")]
    [InlineData("CREATE UNIQUE INDEX late ON t (id, note)", true)]
    [InlineData("ALTER TABLE t ALTER note SET DEFAULT 'late'", true)]
    public async Task a_definition_that_changes_after_the_fence_stops_the_cutover(string ddl, bool onTarget = false)
    {
        await using var pair = await FollowingAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await (onTarget ? pair.Target : pair.Source).ExecuteAsync(ddl);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => DecideAndOpen.RunAsync(pair.Migration, default));
        Assert.Equal("PB0713", failure.Code);
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
    }

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN late int")]
    [InlineData("CREATE TABLE late (id int)")]
    public async Task ddl_before_the_fence_stops_the_cutover_and_the_source_carries_on(string ddl)
    {
        await using var pair = await FollowingAsync();
        await pair.Source.ExecuteAsync(ddl);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => SetFence.RunAsync(pair.Migration, default));
        Assert.Equal("PB0713", failure.Code);
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Equal(1, await WriteAsync(pair));
    }

    [Fact]
    public async Task a_rehearsal_never_fences()
    {
        await using var pair = await FollowingAsync();
        await pair.SayAsync("cutover", new WordArguments { Rehearse = true });
        await Assert.ThrowsAsync<MigrationException>(() => SetFence.RunAsync(pair.Migration, default));
        Assert.Null(pair.Migration.Fence);
    }

    static async Task<int> WriteAsync(GatePair pair)
    {
        await using var connection = await pair.Source.OpenAsync();
        return await connection.ExecuteAsync("INSERT INTO t VALUES (9)", default);
    }
}
