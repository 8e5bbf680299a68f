using System.Collections.Concurrent;
using Npgsql;
using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

public sealed class OpenTargetTests
{
    const string Schema = "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text); CREATE SEQUENCE s";

    [Fact]
    public async Task after_the_cutover_the_target_is_the_only_writer()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        var word = await pair.SayAsync("cutover", new WordArguments());
        await using var stale = await pair.Source.OpenAsync();
        await pair.Source.ExecuteAsync("INSERT INTO t (note) VALUES ('before')");
        await pair.CutOverAsync();

        Assert.Null(await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('after')"));
        Assert.Equal(2L, await pair.Target.QueryAsync<long>("SELECT max(id) FROM t"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "SET transaction_read_only = off; INSERT INTO t (note) VALUES ('lost')"));
        Assert.Equal("on", await pair.Source.QueryAsync<string>("SHOW default_transaction_read_only"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => stale.ExecuteAsync("SELECT", default));
        Assert.True(await Decision.IsMadeAsync(pair.Migration, default));
        Assert.Equal("target", await pair.Migration.Journal.GetFactAsync(Fact.Writer, default));
        Assert.Equal("target", pair.Event<Decided>().Writer);
        Assert.InRange(pair.Event<TargetOpened>().DowntimeSeconds, 0.001, 5);
        Assert.Equal(0, (await pair.Migration.Journal.TakeTurnAsync(c => word.OutcomeAsync(c, default), default))!.ExitCode);
    }

    [Fact]
    public async Task under_load_nothing_acknowledged_is_lost_and_nobody_fails_before_the_decision()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id bigint PRIMARY KEY); CREATE TABLE u (id bigint PRIMARY KEY); CREATE TABLE v (id bigint PRIMARY KEY)");
        await pair.FollowAsync();
        var acknowledged = new ConcurrentBag<long>();
        var failures = new ConcurrentBag<string>();
        var decided = false;
        pair.Migration.Happened += happened => decided |= happened is Decided;
        var writers = Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            await using var connection = await pair.Source.OpenAsync();
            for (var id = writer * 1_000_000L; ; id++)
            {
                try
                {
                    await connection.ExecuteAsync($"BEGIN; INSERT INTO t VALUES ({id}); INSERT INTO u VALUES ({id}); INSERT INTO v VALUES ({id}); COMMIT", default);
                    acknowledged.Add(id);
                }
                catch (NpgsqlException failure)
                {
                    // The sessions are ended right before the decision.
                    failures.Add((failure as PostgresException)?.SqlState ?? "broken");
                    return;
                }
            }
        })).ToArray();
        await pair.Source.WaitForAsync("SELECT count(*) > 300 FROM t");
        await pair.CutOverAsync();
        await Task.WhenAll(writers);

        Assert.True(decided);
        Assert.All(failures, state => Assert.Contains(state, new[] { "57P01", "broken", "25006" }));
        foreach (var table in new[] { "t", "u", "v" })
        {
            await using var target = await pair.Target.OpenAsync();
            var arrived = (await target.QueryAsync($"SELECT id FROM {table}", row => row.GetInt64(0), default)).ToHashSet();
            Assert.Empty(acknowledged.Except(arrived));
            Assert.Equal(await pair.Source.QueryAsync<long>($"SELECT count(*) FROM {table}"), arrived.Count);
        }
    }

    [Fact]
    public async Task arming_under_load_makes_no_writer_fail()
    {
        const int tables = 40;
        await using var pair = await GatePair.CreateAsync(string.Join(';', Enumerable.Range(0, tables).Select(i => $"CREATE TABLE t{i} (id int PRIMARY KEY, n int); INSERT INTO t{i} SELECT g, 0 FROM generate_series(1, 100) g")));
        using var stop = new CancellationTokenSource();
        var count = 0;
        var writers = Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            await using var connection = await pair.Source.OpenAsync();
            var random = new Random(writer);
            while (!stop.IsCancellationRequested)
            {
                // In ascending order, so that they do not deadlock with each other.
                var some = Enumerable.Range(0, 3).Select(_ => random.Next(tables)).Order().ToArray();
                await connection.ExecuteAsync($"BEGIN; {string.Join(';', some.Select(t => $"UPDATE t{t} SET n = n + 1 WHERE id = {writer + 1}"))}; COMMIT", default);
                Interlocked.Increment(ref count);
            }
        })).ToArray();
        while (Volatile.Read(ref count) < 200)
            await Task.Yield();
        await pair.ArmAsync();
        var armed = Volatile.Read(ref count);
        while (Volatile.Read(ref count) < armed + 200)
            await Task.Yield();
        await stop.CancelAsync();
        await Task.WhenAll(writers); // Fails if one of them has failed.
        Assert.Equal(tables, await pair.Source.QueryAsync<long>("SELECT count(*) FROM pg_trigger WHERE tgname = 'pgbaton_gate' AND tgenabled = 'A'"));
    }

    [Fact]
    public async Task after_a_crash_behind_the_decision_the_next_engine_opens_the_target()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Migration.Fence!.SealAsync(default);
        await pair.Migration.Fence!.DecideAsync(default);
        await pair.RestartAsync();
        Assert.True(await Decision.IsMadeAsync(pair.Migration, default));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('early')"));
        await Assert.ThrowsAsync<MigrationException>(() => SetFence.UndoAsync(pair.Migration, default));
        await OpenTarget.RunAsync(pair.Migration, default);
        Assert.Null(await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('after')"));
        Assert.InRange(pair.Event<TargetOpened>().DowntimeSeconds, 0.001, 60);
        await OpenTarget.RunAsync(pair.Migration, default); // Once more does nothing.
        pair.Event<TargetOpened>();
    }

    [Fact]
    public async Task what_fails_while_the_target_is_prepared_leaves_nothing_on_it_and_no_decision()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        await pair.Target.ExecuteAsync("UPDATE pgbaton.engine SET epoch = epoch + 1"); // Somebody has taken over.
        var failure = await Assert.ThrowsAsync<MigrationException>(() => OpenTarget.RunAsync(pair.Migration, default));
        Assert.Equal("PB0205", failure.Code);
        Assert.False(await Decision.IsMadeAsync(pair.Migration, default));
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO t (note) VALUES ('goes on')"));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('early')"));
    }

    [Fact]
    public async Task the_hook_learns_both_servers_without_a_password()
    {
        var file = Path.GetTempFileName();
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.SayAsync("cutover", new WordArguments { OnSwitch = $"echo $PGBATON_PHASE $PGBATON_SOURCE_URI $PGBATON_TARGET_URI >> {file}" });
        await pair.CutOverAsync();
        var source = new Uri(pair.Source.Uri);
        var target = new Uri(pair.Target.Uri);
        Assert.Equal(
            $"opened postgresql://postgres@{source.Host}:{source.Port}/{pair.Source.Name} postgresql://postgres@{target.Host}:{target.Port}/{pair.Target.Name}\n",
            await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task a_hook_that_fails_is_a_warning_and_the_target_stays_open()
    {
        await using var pair = await GatePair.CreateAsync(Schema);
        await pair.FollowAsync();
        await pair.SayAsync("cutover", new WordArguments { OnSwitch = "echo no such proxy >&2; exit 7" });
        await pair.CutOverAsync();
        Assert.Equal("the command of --on-switch ended with exit code 7: no such proxy", pair.Event<Warning>().Message);
        Assert.Null(await GatePair.FailureAsync(pair.Target, "INSERT INTO t (note) VALUES ('after')"));
    }

    [Fact]
    public async Task a_part_of_a_database_is_moved_without_closing_the_rest()
    {
        await using var pair = await GatePair.CreateAsync(
            "CREATE TABLE moves (id int PRIMARY KEY); CREATE TABLE stays (id int PRIMARY KEY)", shape: options => options with { Tables = ["moves"] });
        await pair.FollowAsync();
        await pair.CutOverAsync();
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "INSERT INTO moves VALUES (1)"));
        Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO stays VALUES (1)"));
    }
}
