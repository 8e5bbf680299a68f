namespace PgBaton.Tests.Schema;

/// <summary>DDL while the stream is followed: told with its statement, settled by a word, and then the migration goes on by itself.</summary>
[Trait("Category", "Migration")]
public sealed class SchemaDriftTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task a_column_added_stops_the_stream_and_is_settled_by_apply()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN note text DEFAULT 'x' NOT NULL; INSERT INTO t VALUES (2, 'new')");

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.Finished).WaitAsync(_patience));
        Assert.Equal(("PB0509", ExitCode.Stopped), (stopped.Code, stopped.ExitCode));
        Assert.Contains("TABLE public t was changed: column \"note\" is new", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE \"public\".\"t\" ADD COLUMN \"note\" text DEFAULT 'x'::text NOT NULL;", stopped.Hint, StringComparison.Ordinal);

        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Apply = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments())).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    [Trait("Length", "Long")]
    [Trait("Since", "12")]
    public async Task what_does_not_disturb_the_stream_keeps_the_cutover_until_it_is_accepted()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int PRIMARY KEY, m mood)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("CREATE INDEX t_m ON t (m); ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");

        var blocked = await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });
        Assert.Equal("PB0509", blocked.Error!.Code);
        Assert.Contains("INDEX public t_m is new", blocked.Error.Detail, StringComparison.Ordinal);
        Assert.Contains("ALTER TYPE \"public\".\"mood\" ADD VALUE 'middle' BEFORE 'high';", blocked.Error.Hint, StringComparison.Ordinal);

        await target.ExecuteAsync("CREATE INDEX t_m ON t (m)");
        var refused = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Equal("PB0510", refused.Error!.Code);
        Assert.Equal(2L, await target.QueryAsync<long>("SELECT count(*) FROM pg_enum WHERE enumtypid = 'mood'::regtype")); // All or nothing.
        await target.ExecuteAsync("ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Accept = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
    }

    // Partitions follow their root, a column needs a sequence and a type that are new, a type and a domain are in use.
    [Fact]
    public async Task what_depends_on_one_another_is_applied_in_an_order_that_works()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE root (gone int, id int, k int, v varchar(5), PRIMARY KEY (id, k)) PARTITION BY LIST (k);
            CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1);
            CREATE TABLE branch PARTITION OF root FOR VALUES IN (2) PARTITION BY RANGE (id);
            CREATE TABLE "another leaf" PARTITION OF branch FOR VALUES FROM (0) TO (1000);
            INSERT INTO root VALUES (0, 1, 1, 'x'), (0, 2, 2, 'y');
            CREATE TYPE pair AS (a int); CREATE DOMAIN small AS int CHECK (VALUE < 100); CREATE DOMAIN word AS text;
            CREATE TABLE t (id int PRIMARY KEY, p pair, s small, w word DEFAULT 'w', n int CHECK (n > 0));
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync(
            """
            ALTER TABLE root ADD COLUMN n int NOT NULL DEFAULT 5, ADD CHECK (n > 0), DROP COLUMN gone;
            ALTER TABLE root ALTER v TYPE varchar(50), ALTER v SET NOT NULL, ALTER v SET DEFAULT 'v';
            CREATE INDEX ON root (v);
            CREATE TABLE "new leaf" PARTITION OF root FOR VALUES IN (3);
            INSERT INTO root (id, k, v) VALUES (3, 1, repeat('v', 30)), (4, 3, 'new');
            ALTER TYPE pair ADD ATTRIBUTE b text;
            ALTER DOMAIN small DROP CONSTRAINT small_check; ALTER DOMAIN small ADD CONSTRAINT few CHECK (VALUE < 1000); ALTER DOMAIN word SET DEFAULT 'd'; ALTER DOMAIN word SET NOT NULL;
            CREATE TYPE color AS ENUM ('red');
            ALTER TABLE t ADD COLUMN serial serial, ADD COLUMN c color DEFAULT 'red', ALTER n SET NOT NULL, DROP CONSTRAINT t_n_check, ADD CONSTRAINT positive CHECK (n > 1);
            INSERT INTO t (id, p, s, n) VALUES (1, ROW (1, 'b'), 500, 2);
            """);

        Assert.Null((await SayAsync(migration, "drift", new WordArguments { Apply = true })).Error?.Message);
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    public async Task what_is_taken_as_settled_and_is_not_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, a text)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("ALTER TABLE t ALTER a SET STATISTICS 500");

        var told = await SayAsync(migration, "drift", new WordArguments());
        Assert.Contains("now \"ALTER TABLE ONLY public.t ALTER COLUMN a SET STATISTICS 500\"", told.Error!.Message, StringComparison.Ordinal);
        await source.ExecuteAsync("ALTER TABLE t RENAME a TO b");
        told = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Contains("perhaps by ALTER TABLE \"public\".\"t\" RENAME COLUMN \"a\" TO \"b\"", told.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Accept = true })).ExitCode);
        Assert.Equal("TABLE public t", Assert.Single((await Migration.StatusAsync(migration.Options)).Definitions!.Differences).Object);
    }

    static Task<string> DefinitionsAsync(TestDatabase database) => database.QueryAsync<string>(
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT format('%s %s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
             UNION ALL
            SELECT format('%s %s %s %s', conname, conrelid::regclass, contypid::regtype, pg_get_constraintdef(oid)) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'p', 'u')
             UNION ALL
            SELECT format('%s %s %s', typname, typnotnull, typdefault) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd') lines
        """);

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments arguments) => migration.SayAsync(word, arguments).WaitAsync(_patience);
}
