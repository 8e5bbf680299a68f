using PgBaton.Relay;
using PgBaton.Tests.Relay;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>What a verification of a migration takes from the journal and leaves there.</summary>
public sealed class VerifyJournalTests
{
    const string Two = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1), (2)";

    [Fact]
    public async Task keeps_the_newest_result_of_each_table()
    {
        await using var databases = await TwoDatabases.CreateAsync(Two);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        var events = new List<MigrationEvent>();
        migration.Happened += happened => { lock (events) events.Add(happened); };
        await databases.Target.ExecuteAsync("DELETE FROM b WHERE id = 2");

        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);

        Assert.Equal([true, false], report.Tables.Select(table => table.IsEqual));
        Assert.Equal([("\"public\".\"a\"", 1L, true), ("\"public\".\"b\"", 2L, false)],
            events.OfType<TableVerified>().Select(table => (table.Table, table.Rows, table.IsEqual)).Order());
        var kept = await ReadAsync(migration);
        Assert.Equal(report.Tables, kept, (left, right) => left with { Differences = [] } == right with { Differences = [] } && left.Differences.SequenceEqual(right.Differences));
        Assert.Equal(new RowDifference(DifferenceKind.Missing, "(id)=(2)", 1, 0, "(0,2)", null), Assert.Single(kept[1].Differences));
        Assert.NotNull(kept[0].Lsn);

        await databases.Target.ExecuteAsync("INSERT INTO b VALUES (2)");
        Assert.Equal(["b"], (await VerifyTables.RunAsync(migration, new VerifyOptions { OnlyUnverified = true }, default)).Tables.Select(table => table.Name));
        Assert.All(await ReadAsync(migration), table => Assert.True(table.IsEqual));
        Assert.Empty((await VerifyTables.RunAsync(migration, new VerifyOptions { OnlyUnverified = true }, default)).Tables);

        // Copied again, it has to be verified again.
        await databases.Target.ExecuteAsync("UPDATE pgbaton.relation SET copied_at = 'FF/0' WHERE name = 'a'");
        Assert.Equal(["a"], (await VerificationJournal.RelationsAsync(migration.Journal, default)).Where(table => table.IsEqual is null).Select(table => table.Name.Name));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_table_whose_copy_is_not_finished_is_refused()
    {
        await using var databases = await TwoDatabases.CreateAsync(Two);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Target.ExecuteAsync("UPDATE pgbaton.relation SET copied = false WHERE name = 'b'");

        var error = await Assert.ThrowsAsync<MigrationException>(() => VerifyTables.RunAsync(migration, new VerifyOptions(), default));

        Assert.Equal(("PB0604", "\"public\".\"b\""), (error.Code, error.About));
        Assert.Empty(await ReadAsync(migration));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task how_a_comparison_ends_is_told()
    {
        await using var databases = await TwoDatabases.CreateAsync(Two);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        var ends = new List<MigrationEvent>();
        migration.Happened += happened =>
        {
            if (happened is VerifyDone or VerifyStopped)
                ends.Add(happened);
        };

        await databases.Target.ExecuteAsync("DELETE FROM b");
        await VerifyTables.RunAsync(migration, new VerifyOptions(), default);
        var error = await Assert.ThrowsAsync<MigrationException>(() => VerifyTables.RunAsync(migration, new VerifyOptions(), async ct =>
        {
            var pair = await VerifyTables.TakePairAsync(migration, ct);
            await databases.Target.ExecuteAsync("TRUNCATE a, b");
            return pair;
        }, default));

        Assert.Equal([new VerifyDone(2, 1), new VerifyStopped(error.Message)], ends);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_table_made_later_is_named_and_one_that_is_gone_is_a_difference()
    {
        await using var databases = await TwoDatabases.CreateAsync(Two);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Source.ExecuteAsync("CREATE TABLE later (id int); DROP TABLE b");

        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);

        Assert.Equal("\"public\".\"later\"", Assert.Single(report.NotCompared).Table);
        Assert.Equal([("a", true, 1L, 1L), ("b", false, 0L, 2L)], report.Tables.Select(table => (table.Name, table.IsEqual, table.Rows, table.TargetRows)));
        Assert.Equal("the source has no such table", report.Tables[1].Reason);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task counts_find_another_number_of_rows_and_verify_nothing()
    {
        await using var databases = await TwoDatabases.CreateAsync(Two);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Target.ExecuteAsync("UPDATE a SET id = 7; DELETE FROM b WHERE id = 2");

        var report = await CountTables.RunAsync(migration, new VerifyOptions(), default);

        Assert.Equal([("\"public\".\"a\"", 1L, 1L), ("\"public\".\"b\"", 2L, 1L)], report.Tables.Select(table => (table.Table, table.Rows, table.TargetRows)));
        Assert.Equal("PB0606", report.ToError()!.Code);
        Assert.Empty(await ReadAsync(migration));
        Assert.All(await VerificationJournal.RelationsAsync(migration.Journal, default), table => Assert.Null(table.IsEqual));
        await CreateSlot.UndoAsync(migration, default);
    }

    static Task<List<TableVerification>> ReadAsync(Migration migration)
        => migration.Journal.TakeTurnAsync(connection => VerificationJournal.ReadAsync(connection, default), default);
}
