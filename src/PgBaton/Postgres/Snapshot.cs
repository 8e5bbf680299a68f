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
    public async Task BeginReadingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            await BeginAsync(connection, Name, ct);
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
    protected static async Task BeginAsync(NpgsqlConnection connection, string? snapshot, CancellationToken ct)
    {
        var import = snapshot is null ? "" : $"; SET TRANSACTION SNAPSHOT {Sql.Literal(snapshot)}";
        await connection.ExecuteAsync($"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY{import}", ct);
    }
}
