using System.Diagnostics;
using Npgsql;

namespace PgBaton.Tests;

/// <summary>
/// Clients that never stop: each numbers its rows, remembers what was acknowledged, asks after a lost connection which number came through, and goes over to the
/// other side when this one says that it has moved.
/// </summary>
public sealed class LedgerWriters(TestDatabase source, TestDatabase target, int clients) : IAsyncDisposable
{
    public const string Schema = "CREATE TABLE ledger (client int, n int, at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (client, n)); CREATE TABLE balance (client int PRIMARY KEY, n int NOT NULL); INSERT INTO balance SELECT g, 0 FROM generate_series(0, 63) g;";

    readonly CancellationTokenSource _stop = new();
    readonly int[] _acknowledged = new int[clients];
    readonly long[] _longest = new long[clients];
    Task[] _writing = [];

    /// <summary>Whether a client that is refused goes over to the other side; else it tries again on this one.</summary>
    public Func<bool> MayMove { get; init; } = () => true;

    /// <summary>Of all clients.</summary>
    public int Acknowledged => _acknowledged.Sum();

    public LedgerWriters Start()
    {
        _writing = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => WriteAsync(client)))];
        return this;
    }

    /// <summary>Waits until every client has had that many more commits confirmed.</summary>
    public async Task AdvanceAsync(int commits)
    {
        var until = _acknowledged.Select(n => n + commits).ToArray();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (_acknowledged.Where((n, client) => n < until[client]).Any())
        {
            if (Array.Find(_writing, writing => writing.IsCompleted) is { } ended)
                await ended;
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>The longest that any client waited between two commits since the last call.</summary>
    public TimeSpan LongestWait()
    {
        var longest = _longest.Max();
        Array.Clear(_longest);
        return TimeSpan.FromSeconds(longest / (double)Stopwatch.Frequency);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    /// <summary>Nothing lost, nothing doubled, nothing left out: the numbers of each client, and its balance, are what was acknowledged.</summary>
    public async Task MustBeOnAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT b.client, b.n, (SELECT count(*) FROM ledger l WHERE l.client = b.client), (SELECT coalesce(max(n), 0) FROM ledger l WHERE l.client = b.client) FROM balance b WHERE b.client < $1",
            connection)
        { Parameters = { new() { Value = clients } } };
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var acknowledged = _acknowledged[rows.GetInt32(0)];
            Assert.Equal((acknowledged, acknowledged, acknowledged), (rows.GetInt32(1), (int)rows.GetInt64(2), rows.GetInt32(3)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Array.Exists(_writing, writing => !writing.IsCompleted))
            await StopAsync();
        _stop.Dispose();
    }

    async Task WriteAsync(int client)
    {
        var database = source;
        var last = Stopwatch.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAsync();
                _acknowledged[client] = await NumberAsync(connection, client); // Settles a commit whose answer was lost.
                while (!_stop.IsCancellationRequested)
                {
                    await using var command = new NpgsqlCommand(
                        $"WITH b AS (UPDATE public.balance SET n = n + 1 WHERE client = {client} RETURNING n) INSERT INTO public.ledger (client, n) SELECT {client}, n FROM b", connection);
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                    _acknowledged[client]++;
                    _longest[client] = Math.Max(_longest[client], -last + (last = Stopwatch.GetTimestamp()));
                    await Task.Delay(3, CancellationToken.None);
                }
            }
            catch (PostgresException moved) when (moved.SqlState is "25006")
            {
                if (MayMove())
                    database = database == source ? target : source;
                await Task.Delay(5, CancellationToken.None);
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }

    static async Task<int> NumberAsync(NpgsqlConnection connection, int client)
    {
        await using var command = new NpgsqlCommand($"SELECT n FROM public.balance WHERE client = {client}", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
