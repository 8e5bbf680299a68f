using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Copy;

/// <summary>Rows that users keep in a table of an extension.</summary>
[Trait("Category", "Migration")]
[Trait("Since", "12")]
public sealed class ExtensionRowsTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    // An extension of the server's is given what others have from their own script.
    const string Extension =
        """
        CREATE EXTENSION citext;
        CREATE TABLE conf (id int PRIMARY KEY, v text, twice int GENERATED ALWAYS AS (id * 2) STORED);
        CREATE SEQUENCE conf_seq;
        INSERT INTO conf VALUES (1, 'the extension''s own');
        ALTER EXTENSION citext ADD TABLE conf;
        ALTER EXTENSION citext ADD SEQUENCE conf_seq;
        UPDATE pg_extension SET extconfig = ARRAY['conf'::regclass, 'conf_seq'::regclass]::oid[], extcondition = ARRAY['WHERE id >= 100', ''] WHERE extname = 'citext';
        """;

    [Fact]
    public async Task they_arrive_inside_the_fence_and_come_back_with_a_rollback()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Extension} CREATE TABLE t (id int PRIMARY KEY); INSERT INTO conf VALUES (100, 'job'); SELECT setval('conf_seq', 7)");
        await target.ExecuteAsync($"{Extension} UPDATE conf SET v = 'of the newer release'; INSERT INTO conf VALUES (300, 'stray')");
        (await Checked.AskAsync(source, target)).MustHave("PB1067", Severity.Notice);

        await using var engine = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await using var other = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await engine.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("INSERT INTO conf VALUES (101, 'another')");
        Assert.Equal("1,300", await IdsAsync(target));
        var running = engine.RunAsync(Goal.Finished);

        await SayAsync(other, "cutover");
        Assert.Equal("1,100,101", await IdsAsync(target));
        Assert.Equal("of the newer release", await target.QueryAsync<string>("SELECT v FROM conf WHERE id = 1"));
        Assert.Equal(8L, await target.QueryAsync<long>("SELECT nextval('conf_seq')"));

        await target.ExecuteAsync("DELETE FROM conf WHERE id = 100; INSERT INTO conf VALUES (102, 'new')");
        await SayAsync(other, "rollback");
        Assert.Equal("1,101,102", await IdsAsync(source));
        Assert.Equal("the extension's own", await source.QueryAsync<string>("SELECT v FROM conf WHERE id = 1"));
        Assert.Equal(9L, await source.QueryAsync<long>("SELECT nextval('conf_seq')"));

        await SayAsync(other, "abort");
        await running.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(_patience);
    }

    [Fact]
    public async Task what_the_target_refuses_is_a_warning_and_the_cutover_goes_on()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Extension} CREATE TABLE t (id int PRIMARY KEY); INSERT INTO conf VALUES (100, 'job')");
        await target.ExecuteAsync($"{Extension} ALTER TABLE conf DROP COLUMN v");
        var warnings = new List<Warning>();
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        migration.Happened += happened => { if (happened is Warning warning) warnings.Add(warning); };
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);

        await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });

        Assert.Contains("conf", Assert.Single(warnings, warning => warning.Code == "PB0414").Message, StringComparison.Ordinal);
        Assert.Equal("1", await IdsAsync(target));
        await SayAsync(migration, "finish");
    }

    [Fact]
    public async Task PB1067_is_a_warning_where_the_rows_may_not_be_written_and_silent_without_rows()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Extension} INSERT INTO conf VALUES (100, 'job')");
        await target.ExecuteAsync(Extension);
        await using var role = await TestRole.CreateAsync(target);
        var report = await Checked.AskAsync(source.Uri, role.Uri);
        Assert.Contains("GRANT INSERT, DELETE", report.MustHave("PB1067", Severity.Warning).Fix, StringComparison.Ordinal);

        await source.ExecuteAsync("DELETE FROM conf WHERE id >= 100");
        Assert.DoesNotContain((await Checked.AskAsync(source, target)).Findings, finding => finding is { Code: "PB1067", Severity: > Severity.Ok });
    }

    static Task<string> IdsAsync(TestDatabase database) => database.QueryAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM conf");

    static async Task SayAsync(Migration migration, string word, WordArguments? arguments = null)
    {
        var outcome = await migration.SayAsync(word, arguments ?? new WordArguments()).WaitAsync(_patience);
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail}");
    }
}
