using Npgsql;

namespace PgBaton.Tests;

/// <summary>
/// An application that never stops writing: each transaction raises one counter and appends a row. It remembers what was acknowledged,
/// and goes over to the target once the source says that it has moved.
/// </summary>
public sealed class CountingWriter(TestDatabase source, TestDatabase target) : IAsyncDisposable
{
    public const string Schema =
        """
        CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL);
        CREATE TABLE entry (n int PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), payload text);
        INSERT INTO counter VALUES (1, 0);
        """;

    readonly CancellationTokenSource _stop = new();
    Task? _writing;

    /// <summary>Commits the server has confirmed.</summary>
    public int Acknowledged { get; private set; }

    public CountingWriter Start()
    {
        _writing = Task.Run(WriteAsync);
        return this;
    }

    /// <summary>Waits until that many more commits are confirmed: the application is alive.</summary>
    public async Task AdvanceAsync(int commits)
    {
        var until = Acknowledged + commits;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Acknowledged < until)
        {
            if (_writing!.IsCompleted)
                await _writing;
            await Task.Delay(5, patience.Token);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_writing is { IsCompleted: false })
            await StopAsync();
        _stop.Dispose();
    }

    async Task WriteAsync()
    {
        var database = source;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAsync();
                Acknowledged = await NumberAsync(connection); // Settles a commit whose answer was lost.
                while (!_stop.IsCancellationRequested)
                {
                    await CommitOneAsync(connection);
                    Acknowledged++;
                }
            }
            catch (PostgresException moved) when (moved.SqlState is "25006")
            {
                database = database == source ? target : source;
                await Task.Delay(20);
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }

    static async Task CommitOneAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "WITH c AS (UPDATE public.counter SET n = n + 1 RETURNING n) INSERT INTO public.entry (n, payload) SELECT n, repeat('x', n % 100) FROM c", connection);
        await command.ExecuteNonQueryAsync();
        await Task.Delay(3);
    }

    static async Task<int> NumberAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT n FROM public.counter", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
