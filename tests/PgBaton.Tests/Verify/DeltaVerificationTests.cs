using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>What was written since a table was verified is compared once more before the decision.</summary>
public sealed class DeltaVerificationTests
{
    const string FenceWaits =
        """
        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885823585 AND objid = 1734440037
                          AND mode = 'ExclusiveLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;

    // As a relay that applies wrongly would: the row arrives, and is another one.
    const string Corrupter =
        """
        CREATE FUNCTION corrupt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.note := 'wrong'; RETURN new; END $$;
        CREATE TRIGGER corrupt BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION corrupt(); ALTER TABLE t ENABLE ALWAYS TRIGGER corrupt;
        """;

    [Fact]
    public async Task the_rows_of_the_last_write_in_flight_are_compared_inside_the_fence()
    {
        await using var pair = await FollowingAsync("CREATE TABLE t (id int PRIMARY KEY, note text); CREATE TABLE u (id int PRIMARY KEY)");
        var fencing = await FenceAfterAsync(pair, "INSERT INTO t SELECT g, 'x' FROM generate_series(1, 30) g; UPDATE t SET id = 31, note = 'y' WHERE id = 30; DELETE FROM t WHERE id = 1; INSERT INTO u VALUES (1)");
        await fencing;

        Assert.Equal((2, 32), pair.Event<DeltaVerified>() is var delta ? (delta.Tables, delta.Rows) : default); // 31 keys of t: also those that are gone.
        Assert.Equal(0L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.touched"));
    }

    [Fact]
    public async Task a_row_that_differs_inside_the_fence_stops_the_cutover_and_the_source_goes_on()
    {
        await using var pair = await FollowingAsync("CREATE TABLE t (id int PRIMARY KEY, note text)");
        var fencing = await FenceAfterAsync(pair, "INSERT INTO t VALUES (7, 'x')", () => pair.Target.ExecuteAsync(Corrupter));

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => fencing);

        Assert.Equal(("PB0609", ExitCode.Differs), (stopped.Code, stopped.ExitCode));
        Assert.Contains("\"public\".\"t\": (id)=(7)", stopped.Detail, StringComparison.Ordinal);
        await SetFence.UndoAsync(pair.Migration, default);
        await pair.Source.ExecuteAsync("INSERT INTO t VALUES (8, 'y')");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        await using var again = new DeltaVerification(pair.Migration);
        Assert.Equal("PB0609", (await Assert.ThrowsAsync<MigrationException>(() => again.ApproachAsync(default))).Code); // It is not forgotten.
    }

    [Fact]
    public async Task a_cutover_that_meets_a_wrong_row_is_answered_and_the_application_goes_on()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + "CREATE TABLE t (id int PRIMARY KEY, note text)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await SayAsync(migration, "verify")).ExitCode);
        await target.ExecuteAsync(Corrupter);
        Assert.Equal("PB0509", (await SayAsync(migration, "drift")).Error?.Code); // Somebody says that it is meant to be there.
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Accept = true })).ExitCode);
        await using var writer = new CountingWriter(source, target).Start();
        await source.ExecuteAsync("INSERT INTO t VALUES (1, 'x')");

        var outcome = await SayAsync(migration, "cutover");

        Assert.Equal(((int)ExitCode.Differs, "PB0609"), (outcome.ExitCode, outcome.Error?.Code));
        await writer.AdvanceAsync(10);
        // Not dropped: an engine that follows again holds the trigger, and wants to let it act when the target opens.
        await target.ExecuteAsync("CREATE OR REPLACE FUNCTION corrupt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$");
        var repaired = await SayAsync(migration, "verify", new WordArguments { Repair = true });
        Assert.True(repaired.ExitCode == 0, $"{repaired}");
        var cutOver = await SayAsync(migration, "cutover");
        Assert.True(cutOver.ExitCode == 0, $"{cutOver}");
        await writer.AdvanceAsync(10);
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(0, (await SayAsync(migration, "finish")).ExitCode);
    }

    [Fact]
    public async Task tables_that_another_process_wrote_are_verified_whole_and_others_are_not()
    {
        await using var pair = await FollowingAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE v (id int); ALTER TABLE v REPLICA IDENTITY FULL");
        await pair.Source.ExecuteAsync("INSERT INTO t VALUES (1)");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Empty(await UnverifiedAsync(pair)); // Its key is known.
        await pair.RestartAsync();
        await pair.Source.ExecuteAsync("INSERT INTO u VALUES (1)");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal(["t"], await UnverifiedAsync(pair));
        await pair.Source.ExecuteAsync("INSERT INTO v VALUES (1)");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal(["v"], await UnverifiedAsync(pair)); // It has no key.
        Assert.Empty(await UnverifiedAsync(pair));
        Assert.Equal(1L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.touched WHERE name = 'u'"));
        await using var delta = new DeltaVerification(pair.Migration);
        await delta.ApproachAsync(default);
        Assert.Equal((1, 1, 0), (delta.Newest.Tables, delta.Newest.Rows, delta.Newest.Older.Count));
        Assert.Equal(0L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.touched"));
    }

    [Fact]
    public async Task a_table_that_is_written_too_much_is_verified_whole_and_told_when_it_is_too_late_for_that()
    {
        await using var pair = await FollowingAsync("CREATE TABLE t (id int PRIMARY KEY, note text)");
        await pair.Source.ExecuteAsync("INSERT INTO t SELECT g FROM generate_series(1, 50001) g");
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal(["t"], await UnverifiedAsync(pair));
        var fencing = await FenceAfterAsync(pair, "UPDATE t SET note = 'x'");
        await fencing;

        Assert.Equal(0, pair.Event<DeltaVerified>().Rows);
        Assert.Equal("PB0610", Assert.Single(pair.Events.OfType<Warning>()).Code);
    }

    [Fact]
    public async Task keys_of_any_kind_are_found()
    {
        await using var pair = await FollowingAsync(
            """
            CREATE EXTENSION citext SCHEMA public; CREATE TYPE mood AS ENUM ('a''b', 'c"d'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE SCHEMA "s.""x";
            CREATE TABLE a (id citext PRIMARY KEY, v int); CREATE TABLE b (m mood, p positive, PRIMARY KEY (p, m)); CREATE TABLE c (c char(5), t timestamptz, n numeric, PRIMARY KEY (t, c, n));
            CREATE TABLE "s.""x"."row" ("$1" uuid PRIMARY KEY, "row" text, k text, v text); CREATE TABLE d (a int NOT NULL, b bytea NOT NULL, v int); CREATE UNIQUE INDEX d_i ON d (b); ALTER TABLE d REPLICA IDENTITY USING INDEX d_i;
            CREATE TABLE e (id int, r int4range, PRIMARY KEY (id, r)) PARTITION BY LIST (id); CREATE TABLE e1 PARTITION OF e FOR VALUES IN (1); CREATE TABLE f (b bit(3) PRIMARY KEY, f float8, i int[] UNIQUE);
            """);
        const string rows =
            """
            INSERT INTO a VALUES ('aBc', 1); INSERT INTO b VALUES ('c"d', 1), ('a''b', 2); INSERT INTO c VALUES ('x', '2026-01-01 00:00+01', 1.0);
            INSERT INTO "s.""x"."row" VALUES ('00000000-0000-0000-0000-000000000001'); INSERT INTO d VALUES (1, '\xff', 1); INSERT INTO e VALUES (1, '[1,5)'); INSERT INTO f VALUES (B'101', '-0', '{1}');
            """;
        await pair.Source.ExecuteAsync(rows);
        await (await pair.Migration.RelayAsync(default)).PassMarkerAsync(default);
        await pair.Target.ExecuteAsync(
            """
            DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'pgbaton_gate' LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER pgbaton_gate', t); END LOOP; END $$;
            UPDATE a SET id = 'abc'; DELETE FROM b WHERE p = 2; DELETE FROM c; UPDATE "s.""x"."row" SET v = 'x'; UPDATE d SET v = 2; DELETE FROM e; UPDATE f SET f = 0;
            """);

        await using var delta = new DeltaVerification(pair.Migration);
        var differ = await Assert.ThrowsAsync<MigrationException>(() => delta.ApproachAsync(default));

        Assert.Equal("rows of 7 tables that were written since they were verified differ", differ.Message);
        Assert.All((string[])["(id)=(aBc)", "(p,m)=(2,a'b)", "(c,t,n)", "($1)=(00000000-", "(b)=(\"\\\\xff\")", "\"public\".\"e1\"", "(b)=(101)"],
            key => Assert.Contains(key == "(c,t,n)" ? "(t,c,n)=" : key, differ.Detail, StringComparison.Ordinal));
    }

    static async Task<GatePair> FollowingAsync(string schema)
    {
        var pair = await GatePair.CreateAsync(schema, shape: options => options with { ReplicaIdentityFull = true });
        await pair.FollowAsync();
        return pair;
    }

    // A fence that waits for one transaction, which then does this and commits.
    static async Task<Task> FenceAfterAsync(GatePair pair, string sql, Func<Task>? meanwhile = null)
    {
        await pair.ArmAsync();
        await using var writer = await pair.Source.OpenAsync();
        await using var inFlight = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("UPDATE t SET note = NULL WHERE false", default);
        var fencing = SetFence.RunAsync(pair.Migration, default);
        await pair.Source.WaitForAsync(FenceWaits);
        if (meanwhile is not null)
            await meanwhile();
        await writer.ExecuteAsync(sql, default);
        await inFlight.CommitAsync();
        return fencing;
    }

    static async Task<IEnumerable<string>> UnverifiedAsync(GatePair pair)
        => (await VerifyTables.RunAsync(pair.Migration, new VerifyOptions { OnlyUnverified = true }, default)).Tables.Select(table => table.Name);

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments? arguments = null)
        => migration.SayAsync(word, arguments ?? new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2));
}
