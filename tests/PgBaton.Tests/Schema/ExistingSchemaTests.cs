using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

public sealed class ExistingSchemaTests
{
    const string Tables =
        """
        CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
        CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, "o;dd" numeric(5, 2));
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE c ENABLE ALWAYS TRIGGER t;
        """;

    static Task<SchemaRun> StartAsync(string target)
        => SchemaRun.StartAsync(TestServer.Source, TestServer.Target, Tables, options => options with { ExistingSchema = true }, target);

    [Fact]
    public async Task what_differs_is_named_and_nothing_is_changed()
    {
        await using var run = await StartAsync("CREATE TABLE c (id bigint PRIMARY KEY, p int)");
        var before = await SchemaOracle.ReadAsync(run.Target);
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0307", error.Code);
        Assert.Equal(
            "Column \"id\" of table \"public\".\"c\" is bigint, not integer. Table \"public\".\"c\" has no column \"o;dd\". Table \"public\".\"p\" does not exist.",
            error.Detail);
        Assert.Equal(before, await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task what_would_disturb_is_held_and_comes_back_when_the_target_is_opened()
    {
        await using var run = await StartAsync(Tables);
        var before = await SchemaOracle.ReadAsync(run.Target);
        await PreData.RunAsync(run.Migration, default);
        Assert.False(await run.Target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = 'c'::regclass)"));
        Assert.True(await run.Target.QueryAsync<bool>("SELECT tgenabled = 'D' FROM pg_trigger WHERE tgname = 't'"));
        await PostData.RunAsync(run.Migration, default);
        await run.OpenAsync();
        Assert.Equal(0, await Opening.AfterOpenAsync(run.Migration, default));
        Assert.Equal(before, await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task rows_that_came_after_the_preflight_are_not_taken_away()
    {
        await using var run = await StartAsync(Tables);
        await run.Target.ExecuteAsync("INSERT INTO p (v) VALUES ('early')");
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0312", error.Code);
        Assert.Equal("\"public\".\"p\"", error.About);
        await PreData.UndoAsync(run.Migration, default);
        Assert.Equal("early", await run.Target.QueryAsync<string>("SELECT v FROM p"));
    }

    [Fact]
    public async Task undo_puts_back_what_was_held()
    {
        await using var run = await StartAsync(Tables);
        var before = await SchemaOracle.ReadAsync(run.Target);
        await PreData.RunAsync(run.Migration, default);
        await PreData.UndoAsync(run.Migration, default);
        Assert.Equal(before, await SchemaOracle.ReadAsync(run.Target));
    }
}
