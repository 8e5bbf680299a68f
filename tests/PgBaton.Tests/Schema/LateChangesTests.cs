using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>What is read of the source once more before each attempt at the fence.</summary>
public sealed class LateChangesTests
{
    [Fact]
    public async Task a_view_is_left_empty_only_if_it_is_empty_at_the_attempt_that_counts()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, "CREATE MATERIALIZED VIEW v AS SELECT 1 AS n");
        await PreData.RunAsync(run.Migration, default);
        await PostData.RunAsync(run.Migration, default);
        var before = await CommandAsync(run);

        await run.Source.ExecuteAsync("REFRESH MATERIALIZED VIEW v WITH NO DATA");
        await LateChanges.RecordAsync(run.Migration, default);
        Assert.Equal("REFRESH MATERIALIZED VIEW public.v WITH NO DATA", await CommandAsync(run));

        await run.Source.ExecuteAsync("REFRESH MATERIALIZED VIEW v");
        await LateChanges.RecordAsync(run.Migration, default);
        Assert.Equal(before, await CommandAsync(run));
    }

    static Task<string> CommandAsync(SchemaRun run)
        => run.Target.QueryAsync<string>("SELECT command FROM pgbaton.waiting WHERE description LIKE 'MATERIALIZED VIEW DATA%'");
}
