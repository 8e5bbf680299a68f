using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

/// <summary>Through the loop, as the commands do it.</summary>
[Trait("Category", "Migration")]
public sealed class WholeCutoverTests
{
    const string Schema =
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text); INSERT INTO t (note) SELECT 'x' FROM generate_series(1, 100)";

    [Fact]
    public async Task a_cutover_that_fails_tells_the_one_who_asked_and_the_next_one_succeeds()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var before = await SourceGateTests.DumpAsync(source);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync);

        await using (var writer = await source.OpenAsync())
        {
            await writer.ExecuteAsync($"SELECT pg_advisory_lock_shared({GateSql.Lock})", default); // As a write in flight does.
            var failed = await migration.SayAsync("cutover", new WordArguments { MaxDowntimeSeconds = 0.5, NoReverse = true })
                .WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(("PB0703", (int)ExitCode.Failed), (failed.Error!.Code, failed.ExitCode));
            Assert.Null(await GatePair.FailureAsync(source, "INSERT INTO t (note) VALUES ('goes on')"));
        }

        var done = await migration.SayAsync("cutover", new WordArguments { NoReverse = true });
        Assert.Equal(0, done.ExitCode);
        Assert.Equal(102L, await target.QueryAsync<long>("INSERT INTO t (note) VALUES ('new') RETURNING id"));
        Assert.Equal((int)ExitCode.Blocked, (await migration.SayAsync("abort", new WordArguments())).ExitCode);

        Assert.Equal(0, (await migration.SayAsync("finish", new WordArguments())).ExitCode);
        Assert.Equal(before, await SourceGateTests.DumpAsync(source));
        Assert.DoesNotContain("pgbaton", await SourceGateTests.DumpAsync(target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ddl_between_the_comparison_and_the_fence_stops_the_cutover_by_name(bool onTarget)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync);
        var isLate = false;
        migration.Happened += happened =>
        {
            if (happened is not StepStarted { Step: "fence" } || isLate)
                return;
            isLate = true;
            (onTarget ? target : source).ExecuteAsync("CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 1'").GetAwaiter().GetResult();
        };

        var refused = await migration.SayAsync("cutover", new WordArguments { NoReverse = true });
        Assert.Equal("PB0713", refused.Error!.Code);
        Assert.Contains("FUNCTION public late()", refused.Error.Message, StringComparison.Ordinal);
        Assert.Null(await GatePair.FailureAsync(source, "INSERT INTO t (note) VALUES ('goes on')"));

        await (onTarget ? target : source).ExecuteAsync("DROP FUNCTION late()");
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(0, (await migration.SayAsync("finish", new WordArguments())).ExitCode);
    }

    [Fact]
    public async Task finish_before_the_cutover_is_refused_and_abort_leaves_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Schema);
        var before = (await SourceGateTests.DumpAsync(source), await SourceGateTests.DumpAsync(target));
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync);
        var refused = await migration.SayAsync("finish", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("PB0209", refused.Error!.Code);
        Assert.Equal(0, (await migration.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromMinutes(1))).ExitCode);
        Assert.Equal(before, (await SourceGateTests.DumpAsync(source), await SourceGateTests.DumpAsync(target)));
    }
}
