using Npgsql;
using PgBaton.Relay;
using PgBaton.Tests.Relay;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>While writers run and the relay follows, both sides are read at one point: no false alarm, and a real difference is found.</summary>
[Trait("Category", "Migration")]
public sealed class VerifyUnderLoadTests
{
    const string Tables =
        """
        CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL, note text);
        CREATE TABLE history (id bigserial PRIMARY KEY, who int, amount int, at timestamptz DEFAULT clock_timestamp());
        CREATE TABLE log (who int, line text); ALTER TABLE log REPLICA IDENTITY FULL;
        INSERT INTO account SELECT g, 100, repeat('x', 200) FROM generate_series(1, 2000) g;
        """;

    [Fact]
    public async Task nothing_differs_while_writers_run_and_one_changed_value_is_found()
    {
        await using var databases = await TwoDatabases.CreateAsync(Tables);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(databases.Source, writer, stop.Token)).ToArray();
        try
        {
            for (var round = 0; round < 10; round++)
            {
                var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);
                Assert.True(report.IsEqual, $"round {round}: {report.ToError()?.Detail} {string.Join(' ', report.Tables.SelectMany(table => table.Differences))}");
            }

            await databases.Target.ExecuteAsync("UPDATE account SET note = 'wrong' WHERE id = 2000"); // No writer touches it.
            var found = (await VerifyTables.RunAsync(migration, new VerifyOptions(), default)).Tables.Where(table => !table.IsEqual);
            Assert.Equal("(id)=(2000)", Assert.Single(Assert.Single(found).Differences).Key);
        }
        finally
        {
            await stop.CancelAsync();
        }

        var written = await Task.WhenAll(writers);
        Assert.All(written, transactions => Assert.True(transactions > 10, $"a writer managed {transactions} transactions only"));
        await CreateSlot.UndoAsync(migration, default);
    }

    // Transfers, some rolled back to a savepoint, some whole; returns how many were committed.
    static async Task<int> WriteAsync(TestDatabase source, int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        await using var connection = await source.OpenAsync();
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            var (from, to) = (random.Next(1, 1000) * 2 - 1, random.Next(1, 1000) * 2 - 1);
            await using var command = new NpgsqlCommand(
                $"""
                BEGIN;
                UPDATE account SET balance = balance - 1 WHERE id = {Math.Min(from, to)};
                SAVEPOINT s; INSERT INTO log VALUES ({writer}, 'rolled back'); ROLLBACK TO s;
                UPDATE account SET balance = balance + 1 WHERE id = {Math.Max(from, to)};
                INSERT INTO history (who, amount) VALUES ({writer}, {count});
                INSERT INTO log VALUES ({writer}, 'line {count % 10}');
                {(count % 7 == 0 ? $"DELETE FROM log WHERE ctid = (SELECT ctid FROM log WHERE who = {writer} LIMIT 1);" : "")}
                COMMIT
                """, connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return count;
    }
}
