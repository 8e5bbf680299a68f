using PgBaton.Copy;
using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

/// <summary>Tables that were on the target before, with keys, foreign keys and triggers.</summary>
public sealed class ExistingSchemaTests
{
    const string Tables =
        """
        CREATE TABLE author (id int PRIMARY KEY, name text, boss int REFERENCES author);
        CREATE TABLE book (id int PRIMARY KEY, author int NOT NULL REFERENCES author ON DELETE CASCADE, filler text DEFAULT repeat('x', 900));
        CREATE FUNCTION doubled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.name || NEW.name; RETURN NEW; END $$;
        CREATE TRIGGER doubled BEFORE INSERT ON author FOR EACH ROW EXECUTE FUNCTION doubled();
        INSERT INTO author SELECT g, 'a', 1 FROM generate_series(1, 2000) g; INSERT INTO book SELECT g, 1 + g % 2000 FROM generate_series(1, 3000) g;
        """;

    [Theory]
    [InlineData(32 * 1024)]
    [InlineData(1 << 30)]
    public async Task foreign_keys_and_triggers_do_not_act_in_the_replica_role(int splitLargerThan)
    {
        await using var scene = await CreateAsync(splitLargerThan);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task a_referenced_table_that_was_copied_in_part_is_emptied_and_those_that_refer_to_it_keep_their_rows()
    {
        await using var scene = await CreateAsync(32 * 1024);
        await scene.CopyAsync();
        await scene.Target.ExecuteAsync("UPDATE pgbaton.relation SET copied = false WHERE name = 'author'");

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task undo_empties_the_tables_and_a_new_copy_fills_them_again()
    {
        await using var scene = await CreateAsync(1 << 30);
        await scene.CopyAsync();

        await CopyTables.UndoAsync(scene.Migration, default);
        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT (SELECT count(*) FROM author) + (SELECT count(*) FROM book)"));
        await CopyTables.UndoAsync(scene.Migration, default);
        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task a_trigger_that_fires_always_is_refused_before_a_row_is_written()
    {
        await using var scene = await CreateAsync(1 << 30);
        await scene.Target.ExecuteAsync("ALTER TABLE author ENABLE ALWAYS TRIGGER doubled");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0406", "\"public\".\"author\""), (failure.Code, failure.About));
        Assert.Contains("\"doubled\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT count(*) FROM book"));
    }

    [Fact]
    public async Task an_extra_column_of_the_target_gets_its_default()
    {
        await using var scene = await CreateAsync(1 << 30);
        await scene.Target.ExecuteAsync("ALTER TABLE book ADD COLUMN added int NOT NULL DEFAULT 5");

        await scene.CopyAsync();

        Assert.Equal(3000, await scene.Target.QueryAsync<long>("SELECT count(*) FROM book WHERE added = 5"));
    }

    [Fact]
    public async Task a_row_the_target_refuses_stops_the_copy_without_showing_its_value()
    {
        await using var scene = await CreateAsync(1 << 30);
        await scene.Target.ExecuteAsync("ALTER TABLE author ADD CHECK (name <> 'secret')");
        await scene.Source.ExecuteAsync("UPDATE author SET name = 'secret' WHERE id = 7");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0408", "\"public\".\"author\"", "23514"), (failure.Code, failure.About, failure.SqlState));
        Assert.Contains("SQLSTATE 23514, constraint \"author_name_check\"", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message + failure.Detail + failure.Hint, StringComparison.Ordinal);
        Assert.False(Transient.Is(failure));
        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT count(*) FROM author"));
    }

    static Task<CopyScene> CreateAsync(int splitLargerThan)
        => CopyScene.CreateAsync(Tables, options => options with { ExistingSchema = true, SplitLargerThan = splitLargerThan }, section: "all");
}
