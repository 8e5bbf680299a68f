using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

/// <summary>What a snapshot does not protect from: a table that is truncated, rewritten or reshaped before its turn comes.</summary>
public sealed class ChangedTableTests
{
    const string Tables =
        """
        CREATE TABLE t (a int, b text, c text, filler text DEFAULT repeat('x', 100));
        INSERT INTO t (a, b, c) SELECT g, 'b' || g, 'c' || g FROM generate_series(1, 4000) g; DELETE FROM t WHERE a % 2 = 0;
        CREATE TABLE quiet (a int); INSERT INTO quiet SELECT generate_series(1, 10);
        """;

    [Theory]
    [InlineData("TRUNCATE t; INSERT INTO t (a) VALUES (77)")]
    [InlineData("VACUUM FULL t")]
    [InlineData("ALTER TABLE t ALTER a TYPE bigint")]
    [InlineData("ALTER TABLE t RENAME b TO x; ALTER TABLE t RENAME c TO b; ALTER TABLE t RENAME x TO c")]
    [InlineData("ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text DEFAULT 'new'")]
    [InlineData("ALTER TABLE t SET UNLOGGED; ALTER TABLE t SET LOGGED")]
    [InlineData("CREATE INDEX i ON t (a); CLUSTER t USING i")]
    public async Task is_copied_again_from_a_newer_snapshot_after(string change)
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        scene.Once(CopyScene.IsSnapshotTaken, async () =>
        {
            await CaseFile.PsqlAsync(scene.Source, change); // Each statement on its own: VACUUM is refused within a transaction.
            return true;
        });

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Contains(scene.Events.OfType<Notice>(), notice => notice.Message.StartsWith("\"public\".\"t\" was changed", StringComparison.Ordinal));
        Assert.True(await scene.Target.QueryAsync<bool>(
            "SELECT t.copied_at > quiet.copied_at FROM pgbaton.relation t, pgbaton.relation quiet WHERE t.name = 't' AND quiet.name = 'quiet'"));
    }

    [Fact]
    public async Task is_copied_again_whole_after_VACUUM_FULL_between_two_of_its_parts()
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { SplitLargerThan = 64 * 1024, Jobs = 1 });
        scene.Once(happened => happened is CopyProgress, async () =>
        {
            var said = await CaseFile.PsqlAsync(scene.Source, "SET lock_timeout = '100ms'; VACUUM FULL t");
            return said.Length == 0; // The event may come from within a part, which holds the table.
        });

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Contains(scene.Events.OfType<Notice>(), notice => notice.Message.StartsWith("\"public\".\"t\" was changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task stops_the_copy_when_it_changes_every_time()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        scene.Migration.Happened += happened =>
        {
            if (CopyScene.IsSnapshotTaken(happened))
                scene.Source.ExecuteAsync("TRUNCATE t").GetAwaiter().GetResult();
        };

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0402", "\"public\".\"t\""), (failure.Code, failure.About));
        Assert.False(Transient.Is(failure));
        Assert.True(await scene.Target.QueryAsync<bool>("SELECT copied FROM pgbaton.relation WHERE name = 'quiet'"));
    }

    [Fact]
    public async Task stops_the_copy_when_it_is_another_table_of_that_name()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        scene.Once(CopyScene.IsSnapshotTaken, async () =>
        {
            await scene.Source.ExecuteAsync("ALTER TABLE t RENAME TO old; CREATE TABLE t (LIKE old INCLUDING ALL); DROP TABLE old");
            return true;
        });

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal(("PB0404", "\"public\".\"t\""), (failure.Code, failure.About));
    }

    [Fact]
    public async Task stops_the_copy_when_it_lost_a_column_for_good()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        await scene.Source.ExecuteAsync("ALTER TABLE t DROP COLUMN c");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal("PB0405", failure.Code);
        Assert.Contains("\"c\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_named_when_it_stays_locked()
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { LockTimeout = TimeSpan.FromSeconds(0.3) });
        await using var other = await scene.Source.OpenAsync();
        scene.Once(CopyScene.IsSnapshotTaken, async () =>
        {
            await other.ExecuteAsync("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE", default);
            return true;
        });

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());
        await other.ExecuteAsync("ROLLBACK", default);

        Assert.Equal(("PB0403", "\"public\".\"t\""), (failure.Code, failure.About));
        Assert.True(Transient.Is(failure));
        await scene.CopyAsync();
        await scene.AssertEqualAsync();
    }
}
