namespace PgBaton.Tests.Copy;

/// <summary>The source's schema is changed after it was described and before a table's rows are read: the target follows while it is still being made.</summary>
[Trait("Category", "Migration")]
public sealed class DdlWhileCopyingTests
{
    const string Tables =
        """
        CREATE TABLE t (id int PRIMARY KEY, b text, c text);
        INSERT INTO t SELECT g, 'b' || g, 'c' || g FROM generate_series(1, 1000) g;
        CREATE TABLE quiet (id int PRIMARY KEY); INSERT INTO quiet SELECT generate_series(1, 10);
        CREATE TABLE child (id int PRIMARY KEY, q int REFERENCES quiet); CREATE INDEX child_q ON child (q); INSERT INTO child VALUES (1, 2);
        """;

    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN d int DEFAULT 7; CREATE INDEX later ON t (d)", "INSERT INTO t (id, d) VALUES (0, 8)")]
    [InlineData("ALTER TABLE t DROP COLUMN c; CREATE TABLE new (id int PRIMARY KEY); INSERT INTO new VALUES (1)", "INSERT INTO new VALUES (2); INSERT INTO t VALUES (0)")]
    [InlineData("ALTER TABLE t RENAME TO old; CREATE TABLE t (LIKE old INCLUDING ALL); INSERT INTO t VALUES (7, 'another'); DROP TABLE old", "UPDATE t SET b = 'later'")]
    [InlineData("DROP TABLE t", "INSERT INTO quiet VALUES (11)")]
    [InlineData(
        "ALTER TABLE child RENAME TO infant; ALTER INDEX child_q RENAME TO infant_q; ALTER TABLE infant RENAME CONSTRAINT child_q_fkey TO infant_key; ALTER TABLE quiet RENAME CONSTRAINT quiet_pkey TO quiet_key",
        "INSERT INTO infant VALUES (2, 3)")]
    [InlineData(
        "DROP INDEX child_q; CREATE INDEX child_q ON child (q DESC); ALTER TABLE child ADD COLUMN x int, DROP CONSTRAINT child_q_fkey; ALTER TABLE child ADD FOREIGN KEY (q) REFERENCES quiet ON DELETE CASCADE",
        "DELETE FROM quiet WHERE id = 2")]
    public async Task it_arrives(string change, string later)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Tables);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var left = 1;
        migration.Happened += happened =>
        {
            if (CopyScene.IsSnapshotTaken(happened) && Interlocked.Exchange(ref left, 0) == 1)
                source.ExecuteAsync(change).GetAwaiter().GetResult(); // On the engine's own way: it waits.
        };
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync(later);
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(await SchemaOracle.ExpectAsync(source, TestServer.Target), await SchemaOracle.ReadAsync(target));
    }
}
