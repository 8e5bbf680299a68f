using System.Collections.Concurrent;
using System.Diagnostics;

namespace PgBaton.Tests.Copy;

/// <summary>All readers together stay below the rate.</summary>
public sealed class BrakeTests
{
    const string Tables =
        """
        CREATE TABLE a (v text); INSERT INTO a SELECT repeat('x', 1000) FROM generate_series(1, 2000);
        CREATE TABLE b (v text); INSERT INTO b SELECT repeat('x', 1000) FROM generate_series(1, 2000);
        """;

    [Theory]
    [InlineData(2_000_000, 1.5)] // 4 MB: two seconds, less what may be made up for, and what the last pieces would cost.
    [InlineData(1_000_000, 3.5)]
    public async Task a_copy_takes_as_long_as_the_rate_says(long rate, double least)
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { MaxRate = rate });
        var started = Stopwatch.GetTimestamp();
        await scene.CopyAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, least, 100);
        await scene.AssertEqualAsync();
    }

    [Fact]
    public void a_brake_that_is_drawn_is_never_faster_than_it_was_asked_to_be()
        => Assert.Equal(500_000, new PgBaton.Copy.Brake(500_000, TimeProvider.System).Draw());

    [Fact]
    public async Task a_copy_slows_down_while_the_sources_own_sessions_pile_up()
    {
        await using var server = await OwnServer.StartAsync(17, "wal_level = logical"); // Nobody else's sessions.
        await using var source = await TestServer.At(17, server.UriOf("postgres")).CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 30000) g");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, MaxRate = 4_000_000 });
        var notices = new ConcurrentQueue<string>();
        var sleepers = new List<Task>();
        migration.Happened += happened =>
        {
            if (happened is CopyProgress && sleepers.Count == 0)
                sleepers.AddRange(Enumerable.Range(0, 12).Select(_ => SleepAsync()));
            if (happened is Notice notice)
                notices.Enqueue(notice.Message);
        };
        await migration.RunAsync(Goal.Copied).WaitAsync(TimeSpan.FromMinutes(2));
        await Task.WhenAll(sleepers);

        Assert.Contains(notices, notice => notice.StartsWith("the copy slows down to ", StringComparison.Ordinal) && notice.Contains("12 sessions are at work", StringComparison.Ordinal));
        Assert.Contains("the copy goes on at full speed", notices);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));

        async Task SleepAsync()
        {
            await using var session = await source.OpenAsync();
            await PgBaton.Postgres.Sql.QueryValueAsync<string>(session, "SELECT pg_sleep(3)::text", default);
        }
    }
}
