namespace PgBaton.Tests.Tables;

/// <summary>Tables that come and go while the target follows and the application writes.</summary>
public sealed class JoinTablesTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact]
    [Trait("Category", "Migration")]
    public async Task a_table_is_taken_along_under_writers_and_another_is_given_up()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + "CREATE TABLE dropped (id serial PRIMARY KEY); CREATE TABLE busy (n int PRIMARY KEY, at timestamptz DEFAULT clock_timestamp()); CREATE TABLE \"La\"\"te\" (a int, b text)");
        await source.ExecuteAsync("CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.busy (n) VALUES (new.n); RETURN new; END $$; CREATE TRIGGER busy AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION busy()");
        await using var writer = new CountingWriter(source, target).Start();
        await writer.AdvanceAsync(5);
        await using var engine = new Engine(new MigrationOptions { Source = source.Uri, Target = target.Uri, ExcludedTables = ["busy", "\"La\"\"te\""], ReplicaIdentityFull = true });
        await engine.InSyncAsync();
        Assert.Equal("PB0314", (await engine.SayAsync("tables", new WordArguments { AddTables = ["absent"] })).Error!.Code);

        Succeeded(await engine.SayAsync("tables", new WordArguments { AddTables = ["public.b*", "\"La\"\"te\""] }));
        await writer.AdvanceAsync(20);
        await source.ExecuteAsync("INSERT INTO \"La\"\"te\" VALUES (1, 'x'), (1, 'x'); DELETE FROM \"La\"\"te\" WHERE ctid = '(0,1)'; INSERT INTO dropped DEFAULT VALUES");
        Succeeded(await engine.SayAsync("tables", new WordArguments { RemoveTables = ["dropped"] }));
        await source.ExecuteAsync("INSERT INTO dropped DEFAULT VALUES");
        await writer.AdvanceAsync(20);

        Succeeded(await engine.SayAsync("verify", new WordArguments()));
        Succeeded(await engine.SayAsync("cutover", new WordArguments { NoReverse = true }));
        await writer.AdvanceAsync(5);
        await writer.StopAsync();
        Assert.Equal((long)writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM busy"));
        Assert.Equal((long)writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal("1 x", await target.QueryAsync<string>("SELECT string_agg(a || ' ' || b, ',') FROM \"La\"\"te\""));
        Assert.False(await target.QueryAsync<bool>("SELECT to_regclass('dropped') IS NOT NULL OR to_regclass('dropped_id_seq') IS NOT NULL"));
        Assert.Equal(2L, await source.QueryAsync<long>("SELECT count(*) FROM dropped"));
        Assert.Equal("d", await target.QueryAsync<string>("SELECT relreplident::text FROM pg_class WHERE relname = 'La\"te'"));
        Succeeded(await engine.SayAsync("finish", new WordArguments()));
        Assert.Equal("d", await source.QueryAsync<string>("SELECT relreplident::text FROM pg_class WHERE relname = 'La\"te'"));
    }

    [Fact]
    [Trait("Category", "Migration")]
    public async Task drift_apply_settles_whatever_was_made_and_goes_on_by_itself()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TYPE mood AS ENUM ('low', 'high');
            CREATE TABLE t (id int PRIMARY KEY, m mood, gone text NOT NULL, small int);
            CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
            CREATE INDEX ON p (k);
            CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
            CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
            CREATE TABLE again (id int PRIMARY KEY, v text);
            INSERT INTO t SELECT g, 'low', 'x', g FROM generate_series(1, 100) g;
            INSERT INTO p SELECT g, 1 + g % 2 FROM generate_series(1, 100) g;
            INSERT INTO again VALUES (1, 'old');
            """);
        await using var engine = new Engine(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await engine.InSyncAsync();
        foreach (var statement in (string[])
        [
            "INSERT INTO t VALUES (101, 'high', 'y', 5)",
            "ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'",
            "ALTER TABLE t ADD COLUMN note text DEFAULT 'constant', ADD COLUMN r int DEFAULT (random() * 1000000)::int, ALTER COLUMN small TYPE bigint, DROP COLUMN gone",
            "INSERT INTO t (id, m, small) VALUES (102, 'middle', 5000000000)",
            "CREATE INDEX t_small ON t (small)",
            "CREATE TABLE child (id serial PRIMARY KEY, t int REFERENCES t, m mood DEFAULT 'middle' CHECK (m <> 'low')); INSERT INTO child (t) SELECT id FROM t",
            "CREATE INDEX ON child (t); COMMENT ON TABLE child IS 'new'",
            "CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3); INSERT INTO p VALUES (300, 3)",
            "CREATE TABLE p4 (LIKE p INCLUDING ALL); INSERT INTO p4 SELECT g, 4 FROM generate_series(1, 20) g; ALTER TABLE p ATTACH PARTITION p4 FOR VALUES IN (4)",
            "ALTER TABLE p DETACH PARTITION p2; INSERT INTO p2 VALUES (500, 2); DROP TABLE p1",
            "DROP TABLE again",
            "CREATE TABLE again (id int PRIMARY KEY, v text); INSERT INTO again VALUES (2, 'new')",
            "CREATE VIEW seen AS SELECT c.id, t.note FROM child c JOIN t ON t.id = c.t",
        ])
            await source.ExecuteAsync(statement);

        Assert.Equal("PB0509", (await engine.SayAsync("drift", new WordArguments())).Error!.Code);
        Succeeded(await engine.SayAsync("drift", new WordArguments { Apply = true }));
        await source.ExecuteAsync("UPDATE t SET note = 'after' WHERE id = 7; INSERT INTO child (t) VALUES (7); INSERT INTO p VALUES (301, 3), (21, 4); DELETE FROM p2 WHERE id < 50; UPDATE again SET v = 'newer'");
        Succeeded(await engine.SayAsync("drift", new WordArguments()));
        Succeeded(await engine.SayAsync("cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Succeeded(await engine.SayAsync("finish", new WordArguments()));
        Assert.Equal(await SchemaOracle.ExpectAsync(source, target.Server), await SchemaOracle.ReadAsync(target));
        Assert.Equal(104L, await target.QueryAsync<long>("SELECT nextval('child_id_seq')"));
    }

    static void Succeeded(WordOutcome outcome)
        => Assert.True(outcome.ExitCode == 0, $"{outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail} {outcome.Error?.Hint}");

    /// <summary>All of them with PGBATON_LONG=1.</summary>
    public static TheoryData<string> Moments => Environment.GetEnvironmentVariable("PGBATON_LONG") is "1"
        ? ["drift", "publication", "copying as of", "table_copied", "index_built", "joined the stream"]
        : ["table_copied"];

    /// <summary>kill -9 once something was seen, then the same command again.</summary>
    [Theory]
    [Trait("Length", "Long")]
    [MemberData(nameof(Moments))]
    public async Task killed_while_a_table_joins(string moment)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema);
        await using var writer = new CountingWriter(source, target).Start();
        await writer.AdvanceAsync(5);
        var isSaid = false;
        var isKilled = false;
        for (var run = 0; run < 2; run++)
        {
            using var engine = EngineProcess.Start(source.Uri, target.Uri);
            await engine.WaitForAsync(element => OperateAsync(element).GetAwaiter().GetResult());
            if (isKilled)
            {
                var (exitCode, errors) = await engine.EndAsync();
                Assert.True(exitCode == 0, errors);
                break;
            }

            await engine.KillAsync();
            isKilled = true;
            await writer.AdvanceAsync(5);
        }

        await writer.StopAsync();
        Assert.Equal((long)writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(await source.QueryAsync<long>("SELECT count(*) FROM late"), await target.QueryAsync<long>("SELECT count(*) FROM late"));
        Assert.Equal((long)writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM late_log"));

        async Task<bool> OperateAsync(System.Text.Json.JsonElement element)
        {
            var name = element.GetProperty("event").GetString();
            if (name is "in_sync" && !isSaid)
            {
                isSaid = true;
                await source.ExecuteAsync("CREATE TABLE late (id int PRIMARY KEY); INSERT INTO late SELECT generate_series(1, 5000); CREATE TABLE late_log (n int PRIMARY KEY, a int); CREATE INDEX ON late_log (a); INSERT INTO late_log SELECT n FROM entry");
                await source.ExecuteAsync("CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.late_log (n) VALUES (new.n); RETURN new; END $$; BEGIN; LOCK entry IN EXCLUSIVE MODE; INSERT INTO late_log SELECT n FROM entry ON CONFLICT DO NOTHING; CREATE TRIGGER late AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION late(); COMMIT");
                await target.ExecuteAsync("INSERT INTO pgbaton.word (word, arguments) VALUES ('drift', '{\"apply\": true}')");
            }
            else if (name is "in_sync" && isKilled)
            {
                foreach (var word in (string[])["cutover", "finish"])
                    await target.ExecuteAsync($$"""INSERT INTO pgbaton.word (word, arguments) VALUES ('{{word}}', '{"no_reverse": true, "max_downtime_seconds": 60}')""");
            }

            if (isKilled || !isSaid)
                return false;
            var message = name is "notice" ? element.GetProperty("message").GetString()! : "";
            return moment switch
            {
                "drift" => message.Contains("the target was brought level", StringComparison.Ordinal),
                "publication" => await source.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_publication_tables WHERE tablename = 'late')"),
                "table_copied" or "index_built" => name == moment,
                _ => message.StartsWith(moment, StringComparison.Ordinal) || message.StartsWith("copying ", StringComparison.Ordinal) && moment == "copying as of",
            };
        }
    }

    /// <summary>migrate in the background, and an operator who says words.</summary>
    sealed class Engine : IAsyncDisposable
    {
        readonly Migration _engine, _operator;
        readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenSource _stop = new();
        readonly Task _running;

        public Engine(MigrationOptions options)
        {
            (_engine, _operator) = (Migration.Open(options), Migration.Open(options));
            _engine.Happened += happened => _ = happened is InSync && _inSync.TrySetResult();
            _running = Task.Run(() => _engine.RunAsync(Goal.Finished, _stop.Token));
        }

        public async Task InSyncAsync() => await await Task.WhenAny(_inSync.Task, _running).WaitAsync(_patience);

        // If the engine has stopped for the drift, whoever speaks becomes the engine.
        public Task<WordOutcome> SayAsync(string word, WordArguments arguments) => _operator.SayAsync(word, arguments).WaitAsync(_patience);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ContinueWith(_ => { }, TaskScheduler.Default);
            await _engine.DisposeAsync();
            await _operator.DisposeAsync();
            _stop.Dispose();
        }
    }
}
