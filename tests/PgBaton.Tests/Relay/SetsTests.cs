using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>
/// Changes written as sets of rows have the result that the source's transactions had, and that the same changes have one after the other.
/// PGBATON_SEED=N does another history, PGBATON_HISTORIES=N does N of them.
/// </summary>
public sealed class SetsTests
{
    const int Transactions = 250;

    static int Seed => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_SEED"), out var given) ? given : 20261129;

    static int Histories => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_HISTORIES"), out var given) ? given : 2;

    [Fact]
    public async Task a_random_history_ends_as_on_the_source_in_sets_and_in_order()
    {
        for (var seed = Seed; seed < Seed + Histories; seed++)
        {
            await using var source = await TestServer.Source.CreateDatabaseAsync();
            await using var target = await TestServer.Target.CreateDatabaseAsync();
            await using var ordered = await TestServer.Target.CreateDatabaseAsync();
            foreach (var database in new[] { source, target, ordered })
                await database.ExecuteAsync(RandomHistory.Schema);
            await ordered.ExecuteAsync(TriggersThatDoNothing);
            await using var sets = await RelayTests.StartAsync(source, target);
            await using var order = await RelayTests.StartAsync(source, ordered);
            var history = new RandomHistory(seed);
            for (var i = 0; i < Transactions; i++)
            {
                await source.ExecuteAsync(history.NextTransaction());
                if (i % 100 == 60) // Now and then a batch is of one transaction, at the end it is of many.
                    await PassAsync(sets);
            }

            await PassAsync(sets);
            await PassAsync(order);

            var expected = await RowOracle.ReadAsync(source);
            Assert.True(expected.Values.Count(rows => !rows.StartsWith("0 ", StringComparison.Ordinal)) > 6, "a history that leaves nothing shows nothing");
            AssertEqual(expected, await RowOracle.ReadAsync(target), seed);
            AssertEqual(expected, await RowOracle.ReadAsync(ordered), seed);
            await CreateSlot.UndoAsync(sets, default);
            await CreateSlot.UndoAsync(order, default);
        }
    }

    [Fact]
    public async Task what_can_be_a_set_is_one()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync($"{RandomHistory.Schema}; {RandomHistory.Settled}");
        await using var migration = await RelayTests.StartAsync(source, target);
        await source.ExecuteAsync(
            """
            UPDATE h_wide SET a = '{4}', t = '{"a b"}', c = NULL, d = 'short', b = '(0,0),(9,9)', j = '{}', i = '', w = B'000';
            UPDATE h_int SET v = 'NULL', u = u + 100;
            UPDATE h_index SET v = 'abcd', k = k + 100;
            UPDATE h_full SET v = 'b';
            UPDATE h_two SET a = 'it''s', x = NULL;
            UPDATE h_feeling SET v = 3;
            DELETE FROM h_feeling WHERE k::mood = 'good';
            UPDATE h_pair SET v = 5, k = (9, (k).b);
            DELETE FROM h_numeric WHERE k = 1;
            INSERT INTO h_log SELECT g, 'line' || chr(10) || g FROM generate_series(1, 1000) g;
            INSERT INTO h_int SELECT g, chr(9) || '\\', NULL FROM generate_series(5000, 6000) g
            """);
        await PassAsync(migration);

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(0, (await migration.RelayAsync(default)).OrderedCount);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_set_that_the_target_refuses_is_told_by_the_change_that_it_refuses()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync("CREATE TABLE many (id int PRIMARY KEY, v text)");
        await target.ExecuteAsync("INSERT INTO many VALUES (700, 'a stranger''s')");
        await using var migration = await RelayTests.StartAsync(source, target);
        await source.ExecuteAsync("INSERT INTO many SELECT g, 'ours' FROM generate_series(1, 1000) g"); // So many that they are copied.

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => PassAsync(migration));

        Assert.Equal("PB0507", stopped.Code);
        Assert.Contains("many", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(1, await target.QueryAsync<long>("SELECT count(*) FROM many"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task rows_that_swap_a_unique_value_are_written_in_order()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync("CREATE TABLE seat (id int PRIMARY KEY, who int UNIQUE); INSERT INTO seat VALUES (1, 1), (2, 2), (3, 3)");
        await using var migration = await RelayTests.StartAsync(source, target);
        for (var i = 0; i < 31; i++)
            await source.ExecuteAsync("BEGIN; UPDATE seat SET who = who + 10 WHERE id < 3; UPDATE seat SET who = 13 - who WHERE id < 3; COMMIT");

        await PassAsync(migration);

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.InRange((await migration.RelayAsync(default)).OrderedCount, 4, long.MaxValue);
        await CreateSlot.UndoAsync(migration, default);
    }

    // What acts on rows keeps its changes in order.
    const string TriggersThatDoNothing =
        """
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN coalesce(new, old); END';
        DO $$ DECLARE t text; BEGIN
            FOR t IN SELECT relname FROM pg_class WHERE relname LIKE 'h\_%' AND relkind = 'r' LOOP
                EXECUTE format('CREATE TRIGGER nothing BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION nothing()', t);
                EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER nothing', t);
            END LOOP;
        END $$
        """;

    static async Task PassAsync(Migration migration) => await (await migration.RelayAsync(default)).PassMarkerAsync(default);

    static void AssertEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> found, int seed)
    {
        var different = expected.Where(table => found[table.Key] != table.Value).Select(table => $"{table.Key}: {table.Value} | {found[table.Key]}");
        Assert.True(!different.Any(), $"seed {seed}: {string.Join("; ", different)}");
    }
}
