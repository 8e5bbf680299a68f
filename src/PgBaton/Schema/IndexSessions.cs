using System.Collections.Concurrent;
using System.Data;
using Npgsql;

namespace PgBaton.Schema;

/// <summary>
/// The sessions that build indexes: --index-jobs at most, however many tables are ready at once. Each is used again: to open one costs more than a
/// small index.
/// </summary>
sealed class IndexSessions(Migration migration) : IAsyncDisposable
{
    readonly SemaphoreSlim _turn = new(Math.Max(migration.Options.IndexJobs, 1));
    readonly ConcurrentBag<NpgsqlConnection> _idle = [];

    /// <summary>Waits until one is free. One whose work fails is not used again.</summary>
    public async Task UseAsync(Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var session = _idle.TryTake(out var idle) ? idle : await TableIndexes.OpenAsync(migration, ct);
            try
            {
                await work(session);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }

            if (session.State == ConnectionState.Open)
                _idle.Add(session);
            else
                await session.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _idle)
            await session.DisposeAsync();
        _turn.Dispose();
    }
}
