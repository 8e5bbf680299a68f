using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>Makes sure that a table is, while it is read, what the snapshot says it is.</summary>
sealed class SourceTable(NpgsqlConnection present, ServerVersion version, TimeSpan patience) : IAsyncDisposable
{
    readonly SemaphoreSlim _turn = new(1); // One session looks at the present for all readers.

    public static async Task<SourceTable> OpenAsync(CopyRoute route, CancellationToken ct)
        => new(await route.Source.OpenAsync("copy", ct), route.Source.Version, route.LockTimeout);

    /// <summary>
    /// Begins a transaction of the reader under the snapshot and locks the table there, so that nobody can rewrite it until that transaction
    /// ends. First the lock, then the comparison: the other way round a rewrite could slip in between. False if the table has changed.
    /// </summary>
    /// <exception cref="MigrationException">PB0403: the lock was not to be had.</exception>
    public async Task<bool> LockAsync(CopySource reader, Snapshot snapshot, TableCopy table, CancellationToken ct)
    {
        await snapshot.BeginReadingAsync(reader, ct);
        try
        {
            await reader.ExecuteAsync(
                $"SET LOCAL lock_timeout = {(int)patience.TotalMilliseconds}; LOCK TABLE ONLY {table.Source.QualifiedName} IN ACCESS SHARE MODE", ct);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw Errors.SourceLocked(table.Source.QualifiedName, patience, failure);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName
                                                or PostgresErrorCodes.WrongObjectType)
        {
            return false; // Dropped or renamed, or something else has its name.
        }

        return await NowAsync(table.Oid, ct) == table.Identity;
    }

    /// <summary>Asks the source as it is now, not as the snapshot has it.</summary>
    public async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await query(present);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await present.DisposeAsync();
        _turn.Dispose();
    }

    Task<TableIdentity?> NowAsync(uint oid, CancellationToken ct)
        => AskAsync(async session => (await TableIdentity.ListAsync(session, version, [oid], ct)).GetValueOrDefault(oid), ct);
}
