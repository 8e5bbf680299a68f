using Npgsql;

namespace PgBaton.Postgres;

/// <summary>A snapshot that some session of that server has exported, in this process or in another: known by its name while that session lives.</summary>
class Snapshot(string name, Lsn consistentPoint)
{
    /// <summary>For <c>SET TRANSACTION SNAPSHOT</c>.</summary>
    public string Name => name;

    /// <summary>
    /// A transaction is in the snapshot if and only if its commit LSN is less than this. 0/0 for a snapshot that was not taken with a slot.
    /// </summary>
    public Lsn ConsistentPoint => consistentPoint;

    /// <summary>A session that reads this snapshot, in a transaction that only ends with the session.</summary>
    public async Task<NpgsqlConnection> OpenReaderAsync(Server server, string step, CancellationToken ct)
    {
        var reader = await server.OpenAsync(step, ct);
        try
        {
            await BeginReadingAsync(reader, ct);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction that reads this snapshot in a session of the same database; the caller ends it.</summary>
    /// <exception cref="IOException">The session that exported it is gone, and the snapshot with it: worth another try, with another snapshot.</exception>
    public Task BeginReadingAsync(NpgsqlConnection connection, CancellationToken ct) => BeginReadingAsync(sql => connection.ExecuteAsync(sql, ct));

    /// <inheritdoc cref="BeginReadingAsync(NpgsqlConnection, CancellationToken)"/>
    public Task BeginReadingAsync(CopySource session, CancellationToken ct) => BeginReadingAsync(sql => session.ExecuteAsync(sql, ct));

    async Task BeginReadingAsync(Func<string, Task> execute)
    {
        try
        {
            await execute(Begin(Name));
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InvalidParameterValue
                                                or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.UndefinedObject)
        {
            throw new IOException($"the session that holds the snapshot has ended: {failure.MessageText}", failure);
        }
    }

    /// <param name="connection">Outside of a transaction.</param>
    /// <param name="snapshot">Null: a new one, of this moment.</param>
    /// <param name="ct">Breaks it off.</param>
    protected static Task BeginAsync(NpgsqlConnection connection, string? snapshot, CancellationToken ct) => connection.ExecuteAsync(Begin(snapshot), ct);

    static string Begin(string? snapshot)
    {
        var import = snapshot is null ? "" : $"; SET TRANSACTION SNAPSHOT {Sql.Literal(snapshot)}";
        return $"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY{import}";
    }
}
