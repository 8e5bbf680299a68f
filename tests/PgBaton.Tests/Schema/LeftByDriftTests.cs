namespace PgBaton.Tests.Schema;

/// <summary>What a person has to do, has done, or has undone: the target ends as the source, or no cutover begins.</summary>
[Trait("Category", "Migration")]
public sealed class LeftByDriftTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task what_a_person_has_done_is_seen_and_all_else_is_applied()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE a (id int PRIMARY KEY, x int, m mood DEFAULT 'a'); CREATE TABLE b (id int PRIMARY KEY, a int); INSERT INTO a VALUES (1, 1);
            CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
            """);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
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
        Assert.Equal(await SchemaDriftTests.DefinitionsAsync(source), await SchemaDriftTests.DefinitionsAsync(target));
    }

    [Fact]
    public async Task what_somebody_took_from_the_target_after_drift_comes_back()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE a (id int PRIMARY KEY, x int CHECK (x > 0)); CREATE INDEX ax ON a (x); INSERT INTO a VALUES (1, 1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("ALTER TABLE a ADD COLUMN n int");
        await target.ExecuteAsync("DROP INDEX ax; ALTER TABLE a DROP CONSTRAINT a_x_check");

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        Assert.Equal(await SchemaDriftTests.DefinitionsAsync(source), await SchemaDriftTests.DefinitionsAsync(target));
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
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync(
            "ALTER TABLE a ADD COLUMN q int CONSTRAINT qn NOT NULL DEFAULT 5; ALTER TABLE a RENAME CONSTRAINT a_x_not_null TO xn; ALTER TABLE a VALIDATE CONSTRAINT nv;"
            + "ALTER TABLE a ADD COLUMN late int; UPDATE a SET late = 1; ALTER TABLE a ADD CONSTRAINT ln NOT NULL late");

        Succeeds(await SayAsync(migration, "drift", new WordArguments { Apply = true }));
        Succeeds(await SayAsync(migration, "cutover", new WordArguments { NoReverse = true }));
        const string names = "SELECT string_agg(conname || convalidated, ' ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'a'::regclass AND contype = 'n'";
        Assert.Equal("a_id_not_nulltrue lntrue nvtrue qntrue xntrue", await source.QueryAsync<string>(names));
        Assert.Equal(await source.QueryAsync<string>(names), await target.QueryAsync<string>(names));
    }

    static void Succeeds(WordOutcome outcome) => Assert.True(outcome.Error is null, outcome.Error?.ToString());

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments arguments) => migration.SayAsync(word, arguments).WaitAsync(_patience);
}
