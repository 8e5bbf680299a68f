using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Writes changes in the source's order, many to a round trip, and commits them together with the position they reach. Whole transactions
/// of the source only; several may share one transaction of the target.
/// </summary>
sealed class TargetWriter(NpgsqlConnection connection, TouchedRows touched, long epoch) : IAsyncDisposable
{
    const int CommandsPerRoundTrip = 500;

    readonly List<Change> _waiting = [];
    bool _inTransaction;

    /// <summary>Changes since the last commit.</summary>
    public int ChangeCount { get; private set; }

    public NpgsqlConnection Connection => connection;

    public static async Task<TargetWriter> OpenAsync(Migration migration, TouchedRows touched, CancellationToken ct)
        => new(await OpenSessionAsync(migration.Direction.Subscriber, "relay", ct), touched, migration.Journal.Epoch);

    /// <summary>For rows of the other side: where our role may say so, no trigger and no foreign key acts on them.</summary>
    public static async Task<NpgsqlConnection> OpenSessionAsync(Server subscriber, string step, CancellationToken ct)
    {
        var connection = await subscriber.OpenNewAsync(step, ct, autoPrepare: 500);
        await connection.ExecuteAsync("SET synchronous_commit = on", ct); // What is committed is acknowledged to the source, which then forgets it.
        if (await subscriber.CanSetReplicaRoleAsync(ct))
            await connection.ExecuteAsync("SET session_replication_role = replica", ct);
        return connection;
    }

    public async ValueTask AddAsync(Change change, CancellationToken ct)
    {
        _waiting.Add(change);
        ChangeCount++;
        if (_waiting.Count >= CommandsPerRoundTrip)
            await FlushAsync(ct);
    }

    /// <summary>A command of ours between the changes, such as TRUNCATE.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await FlushAsync(ct);
        await BeginAsync(ct);
        await connection.ExecuteAsync(sql, ct);
        ChangeCount++;
    }

    /// <summary>Sends what waits. The transaction stays open.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (_waiting.Count == 0)
            return;
        await BeginAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var change in _waiting)
            batch.BatchCommands.Add(change.Command);
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException failure) when (!Transient.Is(failure) && _waiting.Find(change => change.Command == failure.BatchCommand) is { } change)
        {
            throw change.Failed(failure);
        }

        foreach (var change in _waiting)
            change.MustHaveTouchedOneRow();
        _waiting.Clear();
    }

    /// <exception cref="MigrationException">PB0205: another engine has taken over; nothing was committed.</exception>
    public async Task CommitAsync(Position position, CancellationToken ct)
    {
        await FlushAsync(ct);
        await BeginAsync(ct);
        await touched.WriteAsync(connection, ct);
        var rows = await connection.ExecuteAsync(
            """
            UPDATE pgbaton.progress
               SET lsn = $1, committed_at = $2, transactions = transactions + $3, changes = changes + $4
             WHERE epoch = $5 AND lsn <= $1
            """,
            ct, position.EndLsn, position.CommittedAt, position.TransactionCount, (long)ChangeCount, epoch);
        if (rows != 1)
            throw Errors.TakenOver(epoch);
        await connection.ExecuteAsync("COMMIT", ct);
        _inTransaction = false;
        ChangeCount = 0;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    async Task BeginAsync(CancellationToken ct)
    {
        if (_inTransaction)
            return;
        await connection.ExecuteAsync("BEGIN; SET CONSTRAINTS ALL DEFERRED", ct);
        _inTransaction = true;
    }
}

/// <summary>Up to where a commit on the target reaches.</summary>
/// <param name="EndLsn">End of the source's last commit record in it: where the stream is taken up again.</param>
/// <param name="CommittedAt">When that commit was made, by the source's clock.</param>
/// <param name="TransactionCount">Of the source, since the last position.</param>
sealed record Position(Lsn EndLsn, DateTime CommittedAt, long TransactionCount);
