using static PgBaton.Tests.Schema.SchemaDriftTests;

namespace PgBaton.Tests.Schema;

/// <summary>What a person has to do, has done, or has undone: the target ends as the source, or no cutover begins.</summary>
[Trait("Category", "Migration")]
public sealed class LeftByDriftTests
{
    [Fact]
    public async Task what_a_person_has_done_is_seen_and_all_else_is_applied()
    {
        await using var pair = await FollowedPair.StartAsync(
            """
            CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE a (id int PRIMARY KEY, x int, m mood DEFAULT 'a'); CREATE TABLE b (id int PRIMARY KEY, a int); INSERT INTO a VALUES (1, 1);
            CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
            """);
        var (source, target, migration) = pair;
        const string byHand = "ALTER TABLE a RENAME x TO y; ALTER TYPE mood RENAME VALUE 'a' TO 'c'; ALTER TYPE mood RENAME VALUE 'b' TO 'a'";
        await source.ExecuteAsync(
            byHand + "; ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a; CREATE UNIQUE INDEX bu ON b (a); ALTER TABLE b ADD CONSTRAINT bc CHECK (a > 0); CREATE INDEX by_hand ON a (id);"
            + "CREATE TRIGGER tg BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION tf(); INSERT INTO b VALUES (1, 1)");

        var told = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Equal("PB0509", told.Error?.Code);
        Assert.DoesNotContain("TABLE public b", told.Error!.Message + told.Error.Detail, StringComparison.Ordinal);
        Assert.True(await target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = 'bc')"));
        await target.ExecuteAsync(byHand);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    // What the stream has open when it stops holds the table that is looked at for the reason.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ddl_in_a_transaction_that_empties_a_table_stops_by_name(bool back)
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE own1 (id int PRIMARY KEY); CREATE TABLE nn (b int PRIMARY KEY); INSERT INTO nn VALUES (1); CREATE TABLE dm (id int PRIMARY KEY, p int); INSERT INTO dm VALUES (7, 1)");
        var (source, target, migration) = pair;
        if (back)
            Succeeds(await SayAsync(migration, "cutover", new WordArguments()));
        await (back ? target : source).ExecuteAsync("UPDATE dm SET p = 5 WHERE id = 7; TRUNCATE nn; ALTER TABLE own1 ADD COLUMN z int; INSERT INTO own1 VALUES (3, 4)");

        var stopped = await Record.ExceptionAsync(async () => Succeeds(await SayAsync(migration, back ? "rollback" : "verify", new WordArguments())));
        Assert.True(stopped is MigrationException { Code: "PB0505" or "PB0509" } || stopped?.Message.Contains("PB0505", StringComparison.Ordinal) == true, stopped?.ToString());
        if (!back)
            Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
    }

    [Fact]
    public async Task what_somebody_took_from_the_target_after_drift_comes_back()
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE a (id int PRIMARY KEY, x int CHECK (x > 0)); CREATE INDEX ax ON a (x); INSERT INTO a VALUES (1, 1)");
        var (source, target, migration) = pair;
        await source.ExecuteAsync("ALTER TABLE a ADD COLUMN n int");
        await target.ExecuteAsync("DROP INDEX ax; ALTER TABLE a DROP CONSTRAINT a_x_check");

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
        Assert.True(await target.QueryAsync<bool>("SELECT to_regclass('ax') IS NOT NULL"));
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task names_of_not_null_are_carried_between_servers_that_have_them()
    {
        await using var source = await TestServer.Of(18).CreateDatabaseAsync();
        await using var target = await TestServer.Of(18).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL, b int); ALTER TABLE a ADD CONSTRAINT nv NOT NULL b NOT VALID; INSERT INTO a VALUES (1, 1, 1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await source.ExecuteAsync(
            "ALTER TABLE a ADD COLUMN q int CONSTRAINT qn NOT NULL DEFAULT 5; ALTER TABLE a RENAME CONSTRAINT a_x_not_null TO xn; ALTER TABLE a VALIDATE CONSTRAINT nv;"
            + "ALTER TABLE a ADD COLUMN late int; UPDATE a SET late = 1; ALTER TABLE a ADD CONSTRAINT ln NOT NULL late");

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        const string names = "SELECT string_agg(conname || convalidated, ' ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'a'::regclass AND contype = 'n'";
        Assert.Equal("a_id_not_nulltrue lntrue nvtrue qntrue xntrue", await source.QueryAsync<string>(names));
        Assert.Equal(await source.QueryAsync<string>(names), await target.QueryAsync<string>(names));
    }

    // Identity ALWAYS and forced row security wait for the cutover; nothing else of their tables does.
    [Theory]
    [InlineData("identity", "id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "")]
    [InlineData("row security", "id int DEFAULT 1 PRIMARY KEY", "ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;")]
    [InlineData("trigger", "id int DEFAULT 1 PRIMARY KEY", "CREATE TRIGGER tg BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TABLE a ENABLE ALWAYS TRIGGER tg;")]
    public async Task what_is_held_of_a_table_excuses_nothing_else(string what, string id, string more)
    {
        Assert.NotEmpty(what);
        await using var pair = await FollowedPair.StartAsync(
            $"CREATE TABLE a ({id}, x int, t text); {more} INSERT INTO a (x) VALUES (1); CREATE VIEW va AS SELECT id, x FROM a; CREATE POLICY p ON a USING (x > 0); CREATE INDEX ai ON a (x);"
            + "CREATE MATERIALIZED VIEW ma AS SELECT x FROM a");
        var (source, target, migration) = pair;
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        await source.ExecuteAsync(
            "ALTER TABLE a ADD CONSTRAINT ck CHECK (x > 0); ALTER TABLE a ALTER t SET DEFAULT 'zz', ALTER x SET NOT NULL; ALTER POLICY p ON a USING (x > 5); CREATE OR REPLACE VIEW va AS SELECT id, x + 1 AS x FROM a;"
            + "DROP INDEX ai; CREATE UNIQUE INDEX ai ON a (x); DROP MATERIALIZED VIEW ma; CREATE MATERIALIZED VIEW ma AS SELECT x FROM a WHERE x > 0");

        var told = await SayAsync(migration, "drift", new WordArguments { Accept = true });
        Assert.Equal("PB0509", told.Error?.Code);
        foreach (var part in new[] { "TABLE public a ", "POLICY public a p ", "VIEW public va ", "INDEX public ai ", "MATERIALIZED VIEW public ma " })
            Assert.Contains(part, told.Error!.Detail, StringComparison.Ordinal);
        Assert.Equal("PB0509", (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.Code);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    // The rows of before have its new name on the source, and no row is in the stream.
    [Fact]
    public async Task a_label_that_took_anothers_name_is_left_to_a_person_and_its_rows_are_compared_again()
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TYPE en AS ENUM ('a', 'b', 'c'); CREATE TABLE tc (id int PRIMARY KEY, e en[]); INSERT INTO tc VALUES (1, '{a}'), (2, '{b}'); CREATE TABLE other (id int PRIMARY KEY)");
        var (source, target, migration) = pair;
        Succeeds(await SayAsync(migration, "verify", new WordArguments()));
        await source.ExecuteAsync("ALTER TYPE en RENAME VALUE 'a' TO 'zz'; ALTER TYPE en ADD VALUE 'a' BEFORE 'zz'");

        var told = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Contains("label 'a' is named 'zz' now, and another is named 'a'", told.Error?.Message, StringComparison.Ordinal);
        await target.ExecuteAsync("ALTER TYPE en ADD VALUE 'zz' AFTER 'a'"); // Wrong, and of the same definition.
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Assert.Equal("PB0601", (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.Code);
        Succeeds(await SayAsync(migration, "verify", new WordArguments { Repair = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    public async Task a_table_of_the_target_that_was_altered_since_it_was_verified_is_compared_again()
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE tc (id int PRIMARY KEY, c int, d int); INSERT INTO tc SELECT g, g FROM generate_series(1, 5) g");
        var (source, target, migration) = pair;
        Succeeds(await SayAsync(migration, "verify", new WordArguments()));
        await target.ExecuteAsync("ALTER TABLE tc DROP COLUMN d, DROP COLUMN c; ALTER TABLE tc ADD COLUMN c int, ADD COLUMN d int");

        Assert.Equal("PB0601", (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.Code);
    }

    [Theory]
    [InlineData("ALTER TABLE a RENAME x TO x2", "ALTER TABLE a ADD COLUMN extra int DEFAULT 5; ALTER TABLE a ADD CONSTRAINT ck CHECK (x2 > 0)")]
    [InlineData("CREATE SCHEMA o; ALTER TABLE a SET SCHEMA o", "ALTER TABLE o.a ADD COLUMN extra int DEFAULT 5; CREATE INDEX ax ON o.a (x)")]
    [InlineData("ALTER TABLE a RENAME x TO z; ALTER TABLE a RENAME y TO x; ALTER TABLE a RENAME z TO y", "ALTER TABLE a ADD COLUMN extra int DEFAULT 5")]
    [Trait("Length", "Long")]
    public async Task the_rest_of_a_table_follows_what_a_person_did(string byHand, string more)
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE a (id serial PRIMARY KEY, x int, y int); INSERT INTO a (x, y) VALUES (1, 2)");
        var (source, target, migration) = pair;
        await source.ExecuteAsync($"{byHand}; {more}");

        Assert.Equal("PB0509", (await SayAsync(migration, "drift", new WordArguments { Apply = true })).Error?.Code);
        await target.ExecuteAsync(byHand);
        if (byHand.Contains(" TO z;", StringComparison.Ordinal)) // Of an exchange nothing shows that it was made.
            await SayAsync(migration, "drift", new WordArguments { Accept = true });
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    public async Task a_partition_is_replaced_under_a_foreign_key()
    {
        await using var pair = await FollowedPair.StartAsync(
            """
            CREATE TABLE r (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1); CREATE TABLE r2 PARTITION OF r FOR VALUES IN (2);
            INSERT INTO r SELECT g, g % 2 + 1, 'v' FROM generate_series(1, 40) g; CREATE TABLE refr (id int, k int, FOREIGN KEY (id, k) REFERENCES r); INSERT INTO refr SELECT id, k FROM r WHERE id < 10
            """, options => options with { ReplicaIdentityFull = true });
        var (source, target, migration) = pair;
        await source.ExecuteAsync(
            """
            BEGIN; ALTER TABLE refr DROP CONSTRAINT refr_id_k_fkey; ALTER TABLE r DETACH PARTITION r2; ALTER TABLE r2 RENAME TO r2_old; CREATE TABLE r2 (LIKE r2_old INCLUDING ALL);
            INSERT INTO r2 SELECT * FROM r2_old; ALTER TABLE r ATTACH PARTITION r2 FOR VALUES IN (2); ALTER TABLE refr ADD CONSTRAINT refr_id_k_fkey FOREIGN KEY (id, k) REFERENCES r; COMMIT;
            INSERT INTO r VALUES (41, 2, 'w'); INSERT INTO refr VALUES (41, 2)
            """);

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Empty((await Migration.StatusAsync(migration.Options)).Definitions!.Differences);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(41L, await target.QueryAsync<long>("SELECT count(*) FROM r"));
    }
}
