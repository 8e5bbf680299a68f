using Npgsql;

namespace PgBaton.Faults.Application;

/// <summary>Looks at the target five times a second: transfers must never be seen in part, and once it is in step no transaction may be.</summary>
sealed class SumWatch(TestDatabase target) : IAsyncDisposable
{
    const long Sum = 50_000;

    readonly CancellationTokenSource _stop = new();
    bool _isStopped;
    readonly List<string> _violations = [];
    Task _watching = Task.CompletedTask;

    /// <summary>All tables stand at the same point from now on.</summary>
    public bool IsInStep { get; set; }

    /// <summary>How often it looked and saw rows.</summary>
    public int Looks { get; private set; }

    public SumWatch Start()
    {
        _watching = Task.Run(WatchAsync);
        return this;
    }

    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await DisposeAsync();
        return _violations;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await target.OpenAsync();
                while (!_stop.IsCancellationRequested)
                {
                    await LookAsync(connection);
                    await Task.Delay(200);
                }
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                await Task.Delay(50); // No table yet, or no server at the moment.
            }
        }
    }

    async Task LookAsync(NpgsqlConnection connection)
    {
        var isInStep = IsInStep;
        await using var command = new NpgsqlCommand(
            """
            SELECT (SELECT sum(balance)::bigint FROM account),
                   (SELECT string_agg(format('writer %s: counter %s, rows %s', c.writer, c.n, l.count), '; ')
                      FROM counter c LEFT JOIN (SELECT writer, count(*) FROM ledger GROUP BY writer) l USING (writer)
                     WHERE c.n <> coalesce(l.count, 0))
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        if (reader.IsDBNull(0))
            return; // Not copied yet.
        Looks++;
        if (reader.GetInt64(0) != Sum)
            _violations.Add($"the accounts of the target were seen to add up to {reader.GetInt64(0)}");
        if (isInStep && !reader.IsDBNull(1))
            _violations.Add($"a transaction was seen in part on the target: {reader.GetString(1)}");
    }
}
