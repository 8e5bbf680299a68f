using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Relay;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

public sealed class CleanTests
{
    const string Schema =
        """
        CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
        CREATE TABLE keyless (a int);
        CREATE TABLE root (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (100);
        CREATE SEQUENCE s;
        """;

    static async Task<GatePair> CutOverAsync(Action<string, string>? dumps = null)
    {
        var pair = await GatePair.CreateAsync(Schema, shape: options => options with { ReplicaIdentityFull = true });
        dumps?.Invoke(await SourceGateTests.DumpAsync(pair.Source), "");
        await pair.FollowAsync();
        await pair.CutOverAsync();
        await pair.Migration.TurnRoundAsync(default);
        return pair;
    }

    [Fact]
    public async Task nothing_of_ours_stays_on_either_server_and_the_old_source_is_read_only_by_default()
    {
        var before = "";
        await using var pair = await CutOverAsync((source, _) => before = source);
        await pair.Target.ExecuteAsync("INSERT INTO t (note) SELECT 'on the target' FROM generate_series(1, 20)");
        await pair.SayAsync("finish", new WordArguments());
        Assert.Equal(StepResult.Done, await Following.RunAsync(pair.Migration, default));
        await Clean.RunAsync(pair.Migration, default);

        Assert.Equal(before, await SourceGateTests.DumpAsync(pair.Source));
        Assert.DoesNotContain("pgbaton", await SourceGateTests.DumpAsync(pair.Target), StringComparison.Ordinal);
        Assert.Equal(0L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
        Assert.Equal(0L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
        Assert.Equal(0L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
        Assert.Equal(0L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "INSERT INTO t (note) VALUES ('x')"));
        // Others say for whom a slot or a snapshot has waited: tests share these servers.
        Assert.Single(pair.Events.OfType<Notice>().ToList(), notice => notice.Message.Contains("RESET default_transaction_read_only", StringComparison.Ordinal));
        Assert.Equal(await pair.Target.QueryAsync<long>("SELECT max(id) FROM t"), await pair.Source.QueryAsync<long>("SELECT last_value FROM t_id_seq")); // Whoever opens it gets no number that has come over.
        Assert.Null(await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('x')"));
    }

    [Fact]
    public async Task an_unlocked_source_may_be_written_again()
    {
        await using var pair = await CutOverAsync();
        await pair.Target.ExecuteAsync("INSERT INTO t (note) SELECT 'on the target' FROM generate_series(1, 20)");
        await pair.SayAsync("finish", new WordArguments { UnlockSource = true });
        await Following.RunAsync(pair.Migration, default);
        await Clean.RunAsync(pair.Migration, default);
        Assert.Equal(await pair.Target.QueryAsync<long>("SELECT max(id) FROM t"), await pair.Source.QueryAsync<long>("SELECT nextval(pg_get_serial_sequence('t', 'id')) - 1")); // Not a number that has come over.
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO t (note) VALUES ('x')"));
    }

    [Fact]
    public async Task no_row_comes_after_the_sequences_of_a_source_that_is_unlocked()
    {
        await using var pair = await CutOverAsync();
        await pair.SayAsync("finish", new WordArguments { UnlockSource = true });
        await Following.RunAsync(pair.Migration, default);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync();
        await pair.Source.WaitForAsync("SELECT count(*) > 20 FROM t"); // They come over, one after the other.
        await Clean.RunAsync(pair.Migration, default);
        await stop.CancelAsync();
        await writing;

        Assert.InRange(
            await pair.Source.QueryAsync<long>("SELECT nextval(pg_get_serial_sequence('t', 'id'))"), await pair.Source.QueryAsync<long>("SELECT max(id) + 1 FROM t"), long.MaxValue);

        async Task WriteAsync()
        {
            while (!stop.IsCancellationRequested)
                await pair.Target.ExecuteAsync("INSERT INTO t (note) VALUES ('on the target')");
        }
    }

    [Fact]
    public async Task aborting_after_a_lifted_fence_leaves_the_source_as_it_was()
    {
        await using var pair = await GatePair.CreateAsync(Schema, shape: options => options with { ReplicaIdentityFull = true });
        var before = await SourceGateTests.DumpAsync(pair.Source);
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await SetFence.UndoAsync(pair.Migration, default);
        await CreateSlot.UndoAsync(pair.Migration, default);
        Assert.Equal(before, await SourceGateTests.DumpAsync(pair.Source));
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO t (note) VALUES ('x')"));
    }

    [Fact]
    public async Task while_it_waits_for_finish_other_words_get_an_answer()
    {
        await using var pair = await CutOverAsync();
        var cutover = await pair.SayAsync("cutover", new WordArguments());
        var verify = await pair.SayAsync("verify", new WordArguments());
        var drift = await pair.SayAsync("drift", new WordArguments());
        await pair.SayAsync("finish", new WordArguments());
        Assert.Equal(StepResult.Done, await Following.RunAsync(pair.Migration, default));
        Assert.Equal(0, (await pair.Migration.Journal.TakeTurnAsync(c => cutover.OutcomeAsync(c, default), default))!.ExitCode);
        Assert.Equal(0, (await pair.Migration.Journal.TakeTurnAsync(c => verify.OutcomeAsync(c, default), default))!.ExitCode);
        Assert.Equal("PB0209", (await pair.Migration.Journal.TakeTurnAsync(c => drift.OutcomeAsync(c, default), default))!.Error!.Code);
    }

    [Fact]
    public async Task a_gate_on_the_target_can_be_dropped_while_it_is_written()
    {
        await using var pair = await CutOverAsync();
        await TargetGate.DropAsync(pair.Migration, default);
        Assert.Equal(0L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pg_trigger WHERE tgname = 'pgbaton_gate'"));
    }
}
