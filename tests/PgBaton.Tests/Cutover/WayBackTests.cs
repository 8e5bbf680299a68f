namespace PgBaton.Tests.Cutover;

/// <summary>Forward, back, forward again and finish, with an application that never stops.</summary>
public sealed class WayBackTests
{
    const string Schema = CountingWriter.Schema + """
        CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, counter int REFERENCES counter, note text);
        CREATE TABLE loose (a int, note text);
        CREATE TABLE log (id serial PRIMARY KEY, note text);
        CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log (note) VALUES (new.note); RETURN new; END $$;
        CREATE TRIGGER logged AFTER INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION logged();
        CREATE TRIGGER always AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION logged();
        ALTER TABLE item DISABLE TRIGGER always;
        INSERT INTO item (counter, note) SELECT 1, 'first ' || i FROM generate_series(1, 200) i;
        INSERT INTO loose SELECT i % 5, 'same' FROM generate_series(1, 50) i;
        CREATE SEQUENCE ticket;
        """;

    const string Work =
        """
        INSERT INTO item (counter, note) VALUES (1, 'more');
        UPDATE item SET note = note || '+' WHERE id % 7 = 0;
        DELETE FROM item WHERE id IN (SELECT min(id) FROM item);
        INSERT INTO loose VALUES (9, 'new'), (9, 'new');
        UPDATE loose SET note = 'changed' WHERE ctid IN (SELECT min(ctid) FROM loose);
        SELECT nextval('ticket');
        """;

    static readonly string[] _tables = ["counter", "entry", "item", "loose", "log"];

    [Theory]
    [InlineData(15, 17)]
    public async Task forward_back_forward_and_finish_lose_and_double_nothing(int from, int to)
    {
        await using var source = await TestServer.Of(from).CreateDatabaseAsync();
        await using var target = await TestServer.Of(to).CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var triggers = await TriggersAsync(source);
        await using var writer = new CountingWriter(source, target).Start();
        await using var migration = Migration.Open(Options(source, target));
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        migration.Happened += happened => _ = happened is InSync && inSync.TrySetResult();
        var engine = migration.RunAsync(Goal.Finished);
        await await Task.WhenAny(inSync.Task, engine).WaitAsync(TimeSpan.FromMinutes(2));
        await using var words = Migration.Open(Options(source, target));

        foreach (var (word, there, left) in new[] { ("cutover", target, source), ("rollback", source, target), ("cutover", target, source) })
        {
            await writer.AdvanceAsync(20);
            await left.ExecuteAsync(Work); // The writer's side until now.
            await SayAsync(words, word, engine);
            await writer.AdvanceAsync(20);
            await there.ExecuteAsync(Work);
            var refused = await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => left.ExecuteAsync("SET transaction_read_only = off; INSERT INTO loose VALUES (0)"));
            Assert.Equal("25006", refused.SqlState);
            await SayAsync(words, "verify", engine);
            Assert.Equal(word == "cutover" ? "on-target" : "rolled-back", (await Migration.StatusAsync(Options(source, target))).State);
        }

        var opened = await target.QueryAsync<long>("SELECT last_value FROM ticket");
        await writer.StopAsync();
        await SayAsync(words, "verify", engine);
        var rows = await RowsAsync(target);
        Assert.Equal(rows, await RowsAsync(source));
        await SayAsync(words, "finish", engine);
        await engine.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(rows, await RowsAsync(target));
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(6, opened); // Every one of the six times.
        foreach (var database in new[] { source, target })
        {
            Assert.Equal(triggers, await TriggersAsync(database));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
        }
    }

    [Fact]
    [Trait("Length", "Long")]
    public Task forward_back_forward_and_finish_to_an_older_server() => forward_back_forward_and_finish_lose_and_double_nothing(17, 15);

    [Fact]
    [Trait("Category", "Migration")]
    public async Task without_a_way_back_there_is_no_rollback_and_no_slot_that_keeps_wal()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        await using var migration = Migration.Open(Options(source, target));
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        await SayAsync(migration, "cutover", null, new WordArguments { NoReverse = true });
        var rollback = await migration.SayAsync("rollback", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(("PB0718", (int)ExitCode.Blocked), (rollback.Error?.Code, rollback.ExitCode));
        var tables = await migration.SayAsync("tables", new WordArguments { AddTables = ["loose"] }).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("PB0718", tables.Error?.Code);
        foreach (var database in new[] { source, target })
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
        await target.ExecuteAsync(Work);
        await SayAsync(migration, "finish", null);
    }

    [Fact]
    [Trait("Length", "Long")]
    [Trait("Category", "Migration")]
    public async Task an_abort_after_a_rollback_leaves_the_source_as_it_was_with_every_row()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var triggers = await TriggersAsync(source);
        await using var migration = Migration.Open(Options(source, target));
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        await SayAsync(migration, "cutover", null);
        await target.ExecuteAsync(Work);
        var rows = await RowsAsync(target);
        await SayAsync(migration, "rollback", null);
        await SayAsync(migration, "abort", null);
        Assert.Equal(rows, await RowsAsync(source));
        Assert.Equal(triggers, await TriggersAsync(source));
        await source.ExecuteAsync(Work);
        Assert.Equal(0L, await target.QueryAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'item'"));
        await target.ExecuteAsync("CREATE TABLE free (a int)");
    }

    static MigrationOptions Options(TestDatabase source, TestDatabase target)
        => new() { Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true };

    static async Task SayAsync(Migration migration, string word, Task? engine, WordArguments? arguments = null)
    {
        var saying = migration.SayAsync(word, arguments ?? new WordArguments());
        if (engine is not null && await Task.WhenAny(saying, engine) == engine)
            await engine;
        var outcome = await saying.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
    }

    static async Task<string> RowsAsync(TestDatabase database)
        => string.Join('\n', await Task.WhenAll(_tables.Select(table => RowOracle.OfAsync(database, $"public.{table}"))));

    static Task<string> TriggersAsync(TestDatabase database)
        => database.QueryAsync<string>(
            """
            SELECT string_agg(format('%s %s %s', tgrelid::regclass, CASE WHEN tgisinternal THEN '' ELSE tgname END, tgenabled), E'\n' ORDER BY tgrelid::regclass::text, tgisinternal, tgname, tgenabled)
                   || (SELECT string_agg(format('%s %s', relname, relreplident), E'\n' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
                   || (SELECT string_agg(attidentity, '' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'item'::regclass)
              FROM pg_trigger
            """);
}
