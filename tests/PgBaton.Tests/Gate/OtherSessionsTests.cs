using System.Diagnostics;
using Npgsql;
using PgBaton.Gate;

namespace PgBaton.Tests.Gate;

public sealed class OtherSessionsTests
{
    // Longer, and it would have waited for those that came back.
    static readonly TimeSpan _atMost = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task who_is_there_is_ended_and_who_comes_back_at_once_is_not_waited_for()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var stays = await pair.Source.OpenAsync();
        var came = 0;
        using var stop = new CancellationTokenSource();
        var pool = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await using var session = await pair.Source.OpenAsync();
                    Interlocked.Increment(ref came);
                    await using var sleep = new NpgsqlCommand("SELECT pg_sleep(600)", session);
                    await sleep.ExecuteNonQueryAsync(stop.Token);
                }
                catch (Exception ended) when (ended is NpgsqlException or OperationCanceledException)
                {
                }
            }
        })).ToArray();
        await pair.Source.WaitForAsync("SELECT count(*) >= 8 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()");

        var began = Stopwatch.GetTimestamp();
        SessionsEnded? told = null;
        pair.Migration.Happened += happened => told ??= happened as SessionsEnded;
        await OtherSessions.EndAsync(pair.Migration, isAgain: false, default);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, _atMost);
        Assert.True(told is { Count: >= 9, InTransaction: >= 8 } && told.InTransaction < told.Count, $"{told}"); // One of them idles outside of a transaction.
        var ended = await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("SELECT 1", stays).ExecuteNonQueryAsync());
        Assert.Equal("57P01", (ended as PostgresException)?.SqlState ?? "57P01"); // Or the connection is gone already.
        await WaitForAsync(() => came >= 16);

        await stop.CancelAsync();
        await Task.WhenAll(pool);
    }

    static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
