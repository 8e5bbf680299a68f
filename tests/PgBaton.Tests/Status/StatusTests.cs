using System.Diagnostics;
using System.Globalization;

namespace PgBaton.Tests.Status;

public sealed class StatusTests
{
    [Fact]
    public async Task an_empty_target_has_no_migration()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        var status = await Migration.StatusAsync(new MigrationOptions { Target = target.Uri });

        Assert.Equal(("none", null, "pgbaton check", true), (status.State, status.Name, status.Next, status.SafeToClose));
    }

    [Theory]
    [InlineData("check", "checking", "source", "pgbaton status --watch")]
    [InlineData("slot", "checking", "source", "pgbaton status --watch")]
    [InlineData("pre-data", "copying", "source", "pgbaton status --watch")]
    [InlineData("copy", "copying", "source", "pgbaton status --watch")]
    [InlineData("post-data", "copying", "source", "pgbaton status --watch")]
    [InlineData("follow", "catching-up", "source", "pgbaton status --watch")]
    [InlineData("fence", "fenced", "none", "pgbaton status --watch")]
    [InlineData("sequences", "fenced", "none", "pgbaton status --watch")]
    [InlineData("open", "fenced", "none", "pgbaton status --watch")]
    [InlineData("return", "on-target", "target", "pgbaton finish")]
    [InlineData("clean", "finished", "target", "pgbaton status --watch")]
    public async Task each_step_has_its_state_and_the_next_command(string step, string state, string writer, string next)
    {
        await using var test = await JournalOfTest.AtAsync(step);
        var status = await test.ReadAsync(withSource: false);

        Assert.Equal((state, step, writer, next), (status.State, status.Step, status.Writer, status.Next));
        Assert.Equal(Environment.ProcessId, status.Engine!.Pid);
        Assert.Equal(state != "fenced", status.SafeToClose);
        Assert.Equal(test.Journal.Name, status.Name);
    }

    [Theory]
    [InlineData("copy", "stopped", "source", "pgbaton migrate")]
    [InlineData("follow", "stopped", "source", "pgbaton migrate")]
    [InlineData("fence", "stopped", "unknown", "pgbaton migrate")]
    [InlineData("return", "on-target", "target", "pgbaton finish")]
    public async Task a_dead_engine_is_not_said_to_live(string step, string state, string writer, string next)
    {
        await using var test = await JournalOfTest.AtAsync(step);
        await test.DieAsync();
        var status = await test.ReadAsync(withSource: false);

        Assert.Null(status.Engine);
        Assert.Equal((state, step, writer, next), (status.State, status.Step, status.Writer, status.Next));
    }

    [Fact]
    public async Task in_sync_means_that_a_heartbeat_came_back_lately()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await SetAgeAsync(test, TimeSpan.FromSeconds(1));
        Assert.Equal(("in-sync", "pgbaton cutover"), ((await test.ReadAsync()).State, (await test.ReadAsync()).Next));

        await test.Target.ExecuteAsync("INSERT INTO pgbaton.relation (oid, schema, name, bytes_total, copied) VALUES (1, 's', 't', 1000, true)");
        Assert.Equal("pgbaton verify", (await test.ReadAsync()).Next);

        await SetAgeAsync(test, TimeSpan.FromSeconds(20));
        Assert.Equal("catching-up", (await test.ReadAsync()).State);
    }

    [Fact]
    public async Task the_lag_is_what_the_source_has_written_since()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        var lsn = await test.Source.QueryAsync<string>("SELECT pg_current_wal_lsn()::text");
        await test.Target.ExecuteAsync($"UPDATE pgbaton.progress SET lsn = '{lsn}', committed_at = now() - interval '3 s'");
        await test.Source.ExecuteAsync("CREATE TABLE t AS SELECT generate_series(1, 1000)");

        var with = await test.ReadBothAsync();
        var without = await test.ReadAsync(withSource: false);
        Assert.True(with.Lag!.Bytes > 10_000, $"{with.Lag}");
        Assert.InRange(with.Lag.Seconds!.Value, 2.5, 60);
        Assert.Equal(lsn, with.Lag.AppliedLsn);
        Assert.Null(with.SourceError);
        Assert.Null(without.Lag!.Bytes);
        Assert.InRange(without.Lag.Seconds!.Value, 2.5, 60);
    }

    [Fact]
    public async Task the_slot_tells_how_much_wal_it_keeps()
    {
        await using var test = await JournalOfTest.AtAsync("copy");
        await test.Source.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{test.Journal.SlotName}', 'pgoutput')");
        var slot = (await test.ReadBothAsync()).Slot!;

        Assert.Equal((test.Journal.SlotName, false, "reserved"), (slot.Name, slot.Active, slot.WalStatus));
        Assert.True(slot.RetainedBytes >= 0);
    }

    [Fact]
    public async Task a_source_that_does_not_answer_leaves_its_part_unknown()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        var started = Stopwatch.GetTimestamp();
        var refused = await Migration.StatusAsync(test.Options with { Source = "postgresql://nobody@127.0.0.1:1/x" });
        var silent = await Migration.StatusAsync(test.Options with { Source = "postgresql://nobody@192.0.2.1/x" });

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 2.5);
        Assert.All([refused, silent], status => Assert.Equal(("catching-up", null), (status.State, status.Slot)));
        Assert.All([refused, silent], status => Assert.False(string.IsNullOrEmpty(status.SourceError)));
    }

    // The copy began an hour ago, was paused, and goes on since ten seconds: those are what counts, for the time and for the bytes.
    static async Task EtaAfterPauseAsync(JournalOfTest test)
    {
        await test.Target.ExecuteAsync("UPDATE pgbaton.step SET started_at = clock_timestamp() WHERE name = 'copy'");
        Assert.Null((await test.ReadAsync(withSource: false)).Copy.EtaSeconds); // What has come in a moment says nothing about the pace.
        await test.Target.ExecuteAsync("UPDATE pgbaton.step SET started_at = clock_timestamp() - interval '1 hour' WHERE name = 'copy'");
        Assert.True((await test.ReadAsync(withSource: false)).Copy.EtaSeconds > 3600);
        await test.Target.ExecuteAsync(
            "INSERT INTO pgbaton.word (word, arguments, said_from, ended_at) VALUES ('resume', '{}', 'here', clock_timestamp() - interval '10 seconds')");
        Assert.InRange((await test.ReadAsync(withSource: false)).Copy.EtaSeconds!.Value, 1, 60);
        await test.Journal.SetFactAsync(Fact.Paused, "true", default);
        Assert.Null((await test.ReadAsync(withSource: false)).Copy.EtaSeconds);
        await test.Journal.SetFactAsync(Fact.Paused, null, default);
    }

    [Fact]
    public async Task the_copy_counts_what_is_committed_and_what_is_on_its_way()
    {
        await using var test = await JournalOfTest.AtAsync("copy");
        await test.Target.ExecuteAsync(
            """
            CREATE TABLE public.big (v text);
            INSERT INTO pgbaton.relation (oid, schema, name, bytes_total, generation, copied) VALUES
                (1, 'public', 'small', 1000, 1, true), (2, 'public', 'big', 100000, 1, false), (3, 'public', 'parts', 5000, 2, false);
            INSERT INTO pgbaton.part (relation, generation, number, bytes, done_at) VALUES (3, 1, 1, 4000, now()), (3, 2, 1, 2500, now()), (3, 2, 2, NULL, NULL);
            INSERT INTO pgbaton.verification (schema, name, rows, target_rows, bytes, digest, equal) VALUES
                ('public', 'small', 1, 1, 1, 'x', true), ('public', 'big', 1, 2, 1, 'x', false);
            """);
        await using var connection = await test.Target.OpenAsync();
        await using (var copy = await connection.BeginTextImportAsync("COPY public.big FROM STDIN"))
        {
            for (var i = 0; i < 4000; i++)
                await copy.WriteAsync("0123456789\n");
            await copy.FlushAsync();
            await test.Target.WaitForAsync("SELECT coalesce(sum(bytes_processed), 0) > 20000 FROM pg_stat_progress_copy WHERE datname = current_database()");

            var status = await test.ReadAsync(withSource: false);
            Assert.Equal(new TableCounts(3, 1, 1), status.Tables);
            Assert.Equal(106_000, status.Copy.BytesTotal);
            Assert.InRange(status.Copy.BytesDone, 1000 + 2500 + 20_000, 1000 + 2500 + 44_000);
            await EtaAfterPauseAsync(test);
        }
    }

    [Fact]
    public async Task it_waits_for_nobody()
    {
        await using var test = await JournalOfTest.AtAsync("copy");
        await using var connection = await test.Target.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand(
            "INSERT INTO pgbaton.relation (oid, schema, name, bytes_total) VALUES (1, 's', 't', 1); UPDATE pgbaton.progress SET lsn = '0/5'; SELECT FROM pgbaton.engine FOR UPDATE",
            connection))
            await command.ExecuteNonQueryAsync();

        // The best of five: who waits for a lock waits every time, a busy machine does not.
        var seconds = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal("copying", (await test.ReadAsync()).State);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        Assert.InRange(seconds.Min(), 0, 1);
    }

    [Fact]
    public async Task errors_words_and_the_decision_are_told()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await test.Journal.SetFactAsync(Fact.LastError, """{"code":"PB0501","sqlstate":null,"message":"slot gone","detail":null,"hint":"abort","object":"s"}""", default);
        await test.Target.ExecuteAsync("INSERT INTO pgbaton.word (word) VALUES ('cutover')");
        var before = await test.ReadAsync();
        Assert.Equal(("PB0501", "cutover", "source"), (before.LastError!.Code, before.Word, before.Writer));

        await test.Journal.SetFactAsync(Fact.Writer, "target", default);
        await test.Journal.SetFactAsync(Fact.Downtime, "0.75", default);
        var after = await test.ReadAsync();
        Assert.Equal(("target", 0.75), (after.Writer, after.DowntimeSeconds));
    }

    [Fact]
    public async Task after_rows_were_found_to_differ_the_next_command_is_verify()
    {
        await using var test = await JournalOfTest.AtAsync("follow");
        await SetAgeAsync(test, TimeSpan.Zero);
        await test.Target.ExecuteAsync(
            """INSERT INTO pgbaton.word (word, ended_at, outcome) VALUES ('cutover', now(), '{"exit_code": 1, "error": {"code": "PB0601", "message": "table t differs"}}')""");
        var refused = await test.ReadAsync();
        Assert.Equal(("in-sync", "pgbaton verify", "cutover", "PB0601"), (refused.State, refused.Next, refused.Refused?.Word, refused.Refused?.Error.Code));

        await test.Target.ExecuteAsync("INSERT INTO pgbaton.word (word, ended_at, outcome) VALUES ('verify', now(), '{\"exit_code\": 0, \"error\": null}')");
        var passed = await test.ReadAsync();
        Assert.Equal(("pgbaton cutover", null), (passed.Next, passed.Refused));
    }

    [Fact]
    public async Task another_name_is_another_migration()
    {
        await using var test = await JournalOfTest.AtAsync("copy");
        var error = await Assert.ThrowsAsync<MigrationException>(() => Migration.StatusAsync(test.Options with { Name = "other" }));

        Assert.Equal("PB0203", error.Code);
    }

    static Task SetAgeAsync(JournalOfTest test, TimeSpan age)
        => test.Journal.SetFactAsync(Fact.InSyncAt, (TimeProvider.System.GetUtcNow() - age).ToString("O", CultureInfo.InvariantCulture), default);

    [Fact]
    public async Task an_index_that_is_being_built_is_told()
    {
        await using var journal = await JournalOfTest.AtAsync("post-data");
        await journal.Target.ExecuteAsync(
            """
            CREATE FUNCTION slow(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.2); RETURN $1; END';
            CREATE TABLE "a ""b" (id int); INSERT INTO "a ""b" SELECT generate_series(1, 100)
            """);
        Assert.Empty((await Migration.StatusAsync(journal.Options)).Copy.Building);
        await using var builder = await journal.Target.OpenAsync();
        await using var build = new Npgsql.NpgsqlCommand("CREATE INDEX ON \"a \"\"b\" (slow(id))", builder);
        var built = build.ExecuteNonQueryAsync();
        IReadOnlyList<IndexInMaking> seen = [];
        while (seen.Count == 0 && !built.IsCompleted)
            seen = (await Migration.StatusAsync(journal.Options)).Copy.Building;

        Assert.Equal("\"public\".\"a \"\"b\"", Assert.Single(seen).Table);
        Assert.NotEmpty(seen[0].Phase);
        build.Cancel();
        await Assert.ThrowsAnyAsync<Exception>(() => built);
    }
}
