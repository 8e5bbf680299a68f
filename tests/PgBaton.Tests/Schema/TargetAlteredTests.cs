using PgBaton.Tests.Preflight;
using static PgBaton.Tests.Schema.SchemaDriftTests;

namespace PgBaton.Tests.Schema;

/// <summary>Somebody has altered the target while it follows: nobody moves there without having been told.</summary>
[Trait("Category", "Migration")]
public sealed class TargetAlteredTests
{
    const string Schema =
        """
        CREATE TABLE p (id int PRIMARY KEY, a int, b text); INSERT INTO p SELECT g, g, g FROM generate_series(1, 5) g; CREATE INDEX pa ON p (a); CREATE VIEW v AS SELECT id, a FROM p;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE STATISTICS st ON a, b FROM p; ALTER TABLE p ADD CONSTRAINT pchk CHECK (a > 0);
        CREATE TABLE dr (id int PRIMARY KEY); CREATE RULE ru AS ON INSERT TO dr DO ALSO NOTHING; CREATE SEQUENCE lone; CREATE TABLE gone (id int PRIMARY KEY);
        """;

    static readonly string[] _all = ["INDEX public pa", "VIEW public v", "STATISTICS public st", "FUNCTION public f()", "RULE public dr ru", "SEQUENCE public lone"];

    // The source has not changed at all.
    [Fact]
    public async Task what_somebody_took_from_the_target_keeps_the_cutover_and_comes_back()
    {
        await using var pair = await FollowedPair.StartAsync(Schema);
        var (source, target, migration) = pair;
        await target.ExecuteAsync(
            "DROP INDEX pa; DROP VIEW v; DROP STATISTICS st; DROP FUNCTION f(); DROP RULE ru ON dr; DROP SEQUENCE lone; ALTER TABLE p DROP CONSTRAINT pchk, ALTER b SET DEFAULT 'x'");

        var told = await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });
        Assert.Equal("PB0509", told.Error?.Code);
        Assert.All(_all.Append("TABLE public p"), one => Assert.Contains(one, told.Error!.Detail, StringComparison.Ordinal));
        Assert.Equal("PB0509", (await SayAsync(migration, "drift", new WordArguments())).Error?.Code);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "drift", new WordArguments()));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    // Taken as settled by hand, and nobody has done it.
    [Fact]
    public async Task what_the_source_has_dropped_and_the_target_has_is_told()
    {
        await using var pair = await FollowedPair.StartAsync(Schema);
        var (source, target, migration) = pair;
        await source.ExecuteAsync("DROP INDEX pa; DROP VIEW v; DROP STATISTICS st; DROP FUNCTION f(); DROP RULE ru ON dr; DROP SEQUENCE lone; DROP TABLE gone");

        var told = await SayAsync(migration, "drift", new WordArguments { Accept = true });
        Assert.Equal("PB0509", told.Error?.Code);
        Assert.All(_all.Append("TABLE public gone"), one => Assert.Contains($"{one} is on the target only", told.Error!.Detail, StringComparison.Ordinal));
        Assert.Equal("PB0509", (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.Code);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Accept = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
    }

    // Another difference of the same object is another difference.
    [Fact]
    public async Task what_was_accepted_of_an_object_excuses_nothing_else_of_it()
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE a (id int PRIMARY KEY, b int DEFAULT 1, c int NOT NULL, CONSTRAINT ck CHECK (b > 0)); INSERT INTO a VALUES (1, 1, 1)");
        var (source, target, migration) = pair;
        await target.ExecuteAsync("ALTER TABLE a ALTER b SET DEFAULT 2");
        Assert.Equal("PB0509", (await SayAsync(migration, "drift", new WordArguments())).Error?.Code);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Accept = true }));
        Succeeds(await SayAsync(migration, "drift", new WordArguments()));
        await target.ExecuteAsync("ALTER TABLE a DROP CONSTRAINT ck; ALTER TABLE a ALTER c DROP NOT NULL");

        Assert.Equal("PB0509", (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error?.Code);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    // That is of our own doing, for the way back.
    [Fact]
    public async Task a_table_that_becomes_full_for_the_way_back_stops_no_cutover()
    {
        await using var pair = await FollowedPair.StartAsync("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'a')", options => options with { ReplicaIdentityFull = true });
        var (source, target, migration) = pair;

        Succeeds(await SayAsync(migration, "cutover", new WordArguments()));
        Succeeds(await SayAsync(migration, "rollback", new WordArguments()));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments()));
    }

    [Fact]
    public async Task privileges_that_only_the_target_has_are_told()
    {
        await using var pair = await FollowedPair.StartAsync(Schema, options => options with { Privileges = true });
        var (source, target, migration) = pair;
        await target.ExecuteAsync("REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; GRANT DELETE ON p TO PUBLIC; CREATE SCHEMA late; CREATE COLLATION odd FROM \"C\"");

        var told = (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).Error!;
        Assert.Equal("PB0509", told.Code);
        Assert.All(
            new[] { "ACL public FUNCTION f()", "ACL public TABLE p", "SCHEMA late", "COLLATION public odd" },
            one => Assert.Contains($"{one} is on the target only", told.Detail, StringComparison.Ordinal));
    }

    // As a plain owner, for whom a trigger would be held.
    [Fact]
    public async Task what_somebody_made_on_the_target_is_told_and_stays_as_it_is_when_it_is_accepted()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var owner = await TestRole.CreateAsync(target, "REPLICATION", $"ALTER DATABASE {target.Name} OWNER TO $role; ALTER SCHEMA public OWNER TO $role");
        await source.ExecuteAsync(Schema + "CREATE FUNCTION trx() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = owner.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        await target.ExecuteAsync($"SET ROLE {owner.Name}; CREATE INDEX extra ON p (a, b); CREATE TABLE extratab (i int); CREATE TRIGGER byhand BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION trx()");
        await source.ExecuteAsync("CREATE INDEX n ON p (b)");

        var told = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Equal("PB0509", told.Error?.Code);
        Assert.All(new[] { "INDEX public extra", "TABLE public extratab", "TRIGGER public p byhand" }, one => Assert.Contains($"{one} is on the target only", told.Error!.Detail, StringComparison.Ordinal));
        Assert.True(await target.QueryAsync<bool>("SELECT to_regclass('n') IS NOT NULL"));
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Accept = true }));
        await source.ExecuteAsync("CREATE INDEX n2 ON p (b)");
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Assert.Equal("O", await target.QueryAsync<string>("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'byhand'"));
    }

    // The default partition of the target has the rows until the stream has moved them.
    [Fact]
    public async Task a_partition_that_waits_to_be_attached_gets_other_bounds()
    {
        await using var pair = await FollowedPair.StartAsync(
            """
            CREATE TABLE pt (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (k); CREATE TABLE p0 PARTITION OF pt FOR VALUES FROM (0) TO (10); CREATE TABLE pd PARTITION OF pt DEFAULT;
            INSERT INTO pt SELECT g, g, 'v' FROM generate_series(0, 60) g; CREATE TABLE q (id int PRIMARY KEY)
            """);
        var (source, target, migration) = pair;
        await source.ExecuteAsync(
            """
            ALTER TABLE q ADD n int; INSERT INTO q VALUES (1, 1);
            BEGIN; CREATE TABLE p1 (LIKE pt INCLUDING ALL); WITH m AS (DELETE FROM pd WHERE k BETWEEN 10 AND 20 RETURNING *) INSERT INTO p1 SELECT * FROM m;
            ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (10) TO (21); COMMIT
            """);
        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        await source.ExecuteAsync(
            """
            BEGIN; ALTER TABLE pt DETACH PARTITION p1; WITH m AS (DELETE FROM pd WHERE k BETWEEN 21 AND 29 RETURNING *) INSERT INTO p1 SELECT * FROM m;
            ALTER TABLE pt ATTACH PARTITION p1 FOR VALUES FROM (10) TO (30); COMMIT
            """);

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(await DefinitionsAsync(source), await DefinitionsAsync(target));
    }

    // The stream is behind: rows of before the column are applied after the operator has said so, and have its value of then.
    [Fact]
    public async Task a_column_with_a_default_of_the_moment_has_for_every_row_of_before_the_same_value()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY)");
        await using (var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri }))
            await migration.RunAsync(Goal.InSync).WaitAsync(Patience);
        foreach (var command in new[] { "INSERT INTO u SELECT generate_series(1, 1000)", "ALTER TABLE u ADD COLUMN ts timestamptz DEFAULT now()", "INSERT INTO u VALUES (1001)" })
            await source.ExecuteAsync(command);

        await using var again = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        Succeeds(await SayAsync(again, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(again, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }
}
