using Npgsql;

namespace PgBaton.Faults.Application;

/// <summary>
/// One client of the application. It appends to the ledger and does all its other work in the same transaction, and remembers what was
/// acknowledged; after a commit whose answer was lost it looks the ledger up. Once the source refuses writers, it waits until it is told to go over.
/// </summary>
sealed class Writer(int number, TestDatabase source, TestDatabase target, int seed, Task goOver) : IAsyncDisposable
{
    readonly Random _random = new(seed);
    readonly CancellationTokenSource _stop = new();
    Task _writing = Task.CompletedTask;
    bool _isOver;
    int _attempted;

    /// <summary>Of the ledger: commits the server has confirmed.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>It has met the closed source, and waits or has gone over.</summary>
    public bool HasLeft { get; private set; }

    public int Number => number;

    public Writer Start()
    {
        _writing = Task.Run(WriteAsync);
        return this;
    }

    /// <summary>Waits until that many more commits are confirmed.</summary>
    public async Task AdvanceAsync(int commits)
    {
        var until = Acknowledged + commits;
        await UntilAsync(() => Acknowledged >= until, $"writer {number} stands at {Acknowledged}");
    }

    /// <summary>The same, unless the source is closed.</summary>
    public async Task AdvanceOrLeaveAsync(int commits)
    {
        var until = Acknowledged + commits;
        await UntilAsync(() => Acknowledged >= until || HasLeft, $"writer {number} stands at {Acknowledged}");
    }

    public Task UntilLeftAsync() => UntilAsync(() => HasLeft, $"writer {number} still writes on the source");

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
            await _stop.CancelAsync();
        try
        {
            await _writing;
        }
        catch (OperationCanceledException)
        {
        }

        _stop.Dispose();
    }

    /// <summary>Ends the client; fails as it has failed.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing.WaitAsync(TimeSpan.FromMinutes(1));
    }

    async Task UntilAsync(Func<bool> condition, string otherwise)
    {
        for (var patience = 0; !condition(); patience++)
        {
            if (_writing.IsCompleted)
                await _writing;
            Assert.True(patience < 12_000, otherwise);
            await Task.Delay(5);
        }
    }

    async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await (_isOver ? target : source).OpenAsync();
                await SettleAsync(connection);
                while (!_stop.IsCancellationRequested)
                    await CommitOneAsync(connection);
            }
            catch (PostgresException refused) when (refused.SqlState is "25006" && !_isOver)
            {
                HasLeft = true;
                try
                {
                    await goOver.WaitAsync(_stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                _isOver = true;
            }
            catch (PostgresException failure) when (failure.SqlState is not ("57P01" or "57P02" or "57P03" or "40001" or "40P01" or "53300"))
            {
                throw new InvalidOperationException($"writer {number} on the {(_isOver ? "target" : "source")}: {failure.MessageText}", failure);
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }

    // What the server holds now decides about the commit whose answer was lost. A standby refuses writes as a closed source does.
    async Task SettleAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE coalesce(max(n), 0) END FROM ledger WHERE writer = {number}", connection);
        if (await command.ExecuteScalarAsync() is not int there)
            throw new IOException("a standby that is not promoted yet");
        Assert.InRange(there, Acknowledged, _attempted);
        Acknowledged = there;
    }

    async Task CommitOneAsync(NpgsqlConnection connection)
    {
        _attempted = Acknowledged + 1;
        var (from, to, amount) = (_random.Next(1, 51), _random.Next(1, 51), _random.Next(1, 100));
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[]
        {
            "BEGIN",
            $"INSERT INTO ledger (writer, n) VALUES ({number}, {_attempted})",
            $"UPDATE counter SET n = n + 1 WHERE writer = {number}",
            $"UPDATE account SET balance = balance - {amount} WHERE id = {Math.Min(from, to)}",
            $"UPDATE account SET balance = balance + {amount} WHERE id = {Math.Max(from, to)}",
            $"INSERT INTO entry (writer, n) VALUES ({number}, {_attempted})",
            Churn(),
            "COMMIT",
        })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        await batch.ExecuteNonQueryAsync();
        Acknowledged = _attempted;
        await Task.Delay(_random.Next(30, 110));
    }

    // Each writer has keys of its own, so that clients never wait for one another longer than for an account.
    string Churn()
    {
        var id = (4 * _random.Next(200)) + number;
        var other = id + 1000 + (4 * _random.Next(1_000_000));
        return _random.Next(5) switch
        {
            0 => $"INSERT INTO churn VALUES ({id}, 'new', repeat(md5('{id}'), {_random.Next(1, 120)})) ON CONFLICT (id) DO NOTHING",
            1 => $"DELETE FROM churn WHERE id = {id}",
            2 => $"UPDATE churn SET id = {other} WHERE id = {id} AND NOT EXISTS (SELECT FROM churn WHERE id = {other})",
            3 => $"UPDATE churn SET big = repeat(md5('{_random.Next()}'), 90) WHERE id = {id}",
            _ => $"UPDATE churn SET v = '{_random.Next()}' WHERE id BETWEEN {id} AND {id + 8} AND id % 4 = {number % 4}",
        };
    }
}
