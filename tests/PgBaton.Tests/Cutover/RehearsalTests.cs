using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

[Trait("Category", "Migration")]
public sealed class RehearsalTests
{
    [Fact]
    public async Task a_rehearsal_says_what_it_would_cost_and_leaves_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + "CREATE SEQUENCE s; CREATE TABLE child (n int REFERENCES counter); CREATE UNIQUE INDEX ON child (n)");
        await using var writer = new CountingWriter(source, target).Start();
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true });
        Rehearsed? rehearsed = null;
        migration.Happened += happened => rehearsed = happened as Rehearsed ?? rehearsed;
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        var (sourceBefore, targetBefore) = (await SourceGateTests.DumpAsync(source), await SourceGateTests.DumpAsync(target));

        var outcome = await migration.SayAsync("cutover", new WordArguments { Rehearse = true }).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        Assert.InRange(rehearsed!.ExpectedDowntimeSeconds, 0.001, 30);
        await writer.AdvanceAsync(20);
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await source.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal("source", (await Migration.StatusAsync(new MigrationOptions { Target = target.Uri })).Writer);
        Assert.Equal(sourceBefore, await SourceGateTests.DumpAsync(source));
        Assert.Equal(targetBefore, await SourceGateTests.DumpAsync(target));
        Assert.Equal(0L, await target.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
        Assert.Equal(1L, await source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
    }
}
