namespace PgBaton.Tests.Schema;

/// <summary>The order of columns in tables that inherit.</summary>
public sealed class ChildTableTests
{
    const string Tables =
        """
        CREATE TABLE parent (id int NOT NULL, v text CHECK (v <> '('));
        CREATE TABLE "Lone)" (own int[], v text, id int NOT NULL CHECK (id > 0), CONSTRAINT parent_v_check CHECK (v <> '('));
        ALTER TABLE "Lone)" INHERIT parent;
        CREATE TABLE child (own int) INHERITS (parent);
        CREATE TABLE grandchild (least int) INHERITS (child);
        """;

    public static TheoryData<int, int> Pairs => new() { { 15, 17 }, { 17, 18 }, { 18, 18 } };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task a_table_that_became_a_child_keeps_the_order_of_its_columns(int sourceMajor, int targetMajor)
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Of(sourceMajor), TestServer.Of(targetMajor), Tables);
        await run.RunAllAsync();

        Assert.Equal("own v id", await OrderAsync(run.Target, "\"Lone)\""));
        Assert.Equal("id v own least", await OrderAsync(run.Target, "grandchild"));
        Assert.Equal("", string.Join("; ", run.Events<Warning>().Select(warning => warning.Message)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task where_the_order_cannot_be_kept_it_is_told(int sourceMajor, int targetMajor)
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Of(sourceMajor), TestServer.Of(targetMajor), Tables + "ALTER TABLE parent ADD late text");
        await run.RunAllAsync();

        // The source has it behind their own.
        Assert.Equal("id v own late", await OrderAsync(run.Source, "child"));
        Assert.Equal(
            [
                "the columns of table \"public\".\"Lone)\" will stand in another order on the target: id, v, late, own",
                "the columns of table \"public\".\"child\" will stand in another order on the target: id, v, late, own",
                "the columns of table \"public\".\"grandchild\" will stand in another order on the target: id, v, late, own, least",
            ],
            run.Events<Warning>().Where(warning => warning.Code == "PB0318").Select(warning => warning.Message).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(run.Events<Warning>(), warning => warning.Code is not ("PB0318" or "PB0316"));
        Assert.Equal("id v late own", await OrderAsync(run.Target, "child"));
    }

    static Task<string> OrderAsync(TestDatabase database, string table)
        => database.QueryAsync<string>($"SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped");
}
