using System.Collections.Concurrent;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>A bounded number of sessions of one side that read one snapshot. Each query is a transaction of its own, so that a lock lasts no longer.</summary>
sealed class SnapshotReader(Server server, ExportedSnapshot snapshot, int sessions, Brake brake) : IAsyncDisposable
{
    // The heap is the truth: an index may hide rows. No workers, so that the number of sessions is the load.
    const string Options =
        "-c enable_indexscan=off -c enable_indexonlyscan=off -c enable_bitmapscan=off -c max_parallel_workers_per_gather=0 -c jit=off";

    readonly SemaphoreSlim _free = new(sessions);
    readonly ConcurrentBag<NpgsqlConnection> _idle = [];

    public Server Server => server;

    /// <summary>Runs a query that needs no lock.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken ct) => BorrowAsync(0, query, ct);

    /// <summary>Locks the table against being rewritten while <paramref name="query"/> reads it.</summary>
    /// <exception cref="TableChangedException">It has been rewritten, dropped or renamed since the snapshot, which then no longer shows its rows.</exception>
    public Task<T> ReadAsync<T>(TableShape shape, Piece piece, Func<NpgsqlConnection, Task<T>> query, CancellationToken ct)
        => BorrowAsync(
            piece.Bytes,
            async reader =>
            {
                try
                {
                    await reader.ExecuteAsync($"LOCK TABLE {piece.Relation} IN ACCESS SHARE MODE", ct);
                    if (!await reader.QueryValueAsync<bool>(IsUnchanged, ct, shape.Table.Oid, shape.Table.QualifiedName))
                        throw new TableChangedException(shape.Table.QualifiedName);
                    return await query(reader);
                }
                catch (PostgresException failure) when (failure.SqlState is
                    PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn)
                {
                    throw new TableChangedException(shape.Table.QualifiedName, failure);
                }
                catch (PostgresException failure)
                {
                    throw Errors.CannotRead(server.Side, shape.Table.QualifiedName, failure);
                }
            },
            ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _idle)
            await connection.DisposeAsync();
        _free.Dispose();
    }

    // The catalog as the snapshot sees it against the file and the name as they are under the lock.
    const string IsUnchanged =
        """
        SELECT coalesce((SELECT c.relfilenode = coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) AND pg_catalog.to_regclass($2)::oid = c.oid
                           FROM pg_catalog.pg_class c WHERE c.oid = $1), false)
        """;

    async Task<T> BorrowAsync<T>(long bytes, Func<NpgsqlConnection, Task<T>> query, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            await brake.PassAsync(bytes, ct);
            var connection = _idle.TryTake(out var idle) ? idle : await server.OpenNewAsync("verify", ct, Options);
            try
            {
                await snapshot.BeginReadingAsync(connection, ct);
                var result = await query(connection);
                await connection.ExecuteAsync("COMMIT", ct);
                _idle.Add(connection);
                return result;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
