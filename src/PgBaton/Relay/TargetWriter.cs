using System.Diagnostics;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Writes changes and commits them together with the position they reach: as sets of rows where that has the same result, otherwise in the source's
/// order. Whole transactions of the source only; several may share one transaction of the target.
/// </summary>
sealed class TargetWriter(NpgsqlConnection connection, TouchedRows touched, long epoch) : IAsyncDisposable
{
    /// <summary>What waits is bounded: with it, the source's messages wait in memory.</summary>
    const int ChangesPerFlush = 50_000;
    const long BytesPerFlush = 32 << 20;

    /// <summary>Changes that are repeated one by one: more in a transaction makes rows that change often slow.</summary>
    const int OrderedPerCommit = 500;

    static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(500);

    readonly SetWriter _sets = new(connection);
    readonly OrderedWriter _ordered = new(connection);
    readonly List<Change> _waiting = [];
    readonly Stopwatch _age = new();
    long _bytes;
    int _orderedCount;
    bool _inTransaction;

    /// <summary>Changes since the last commit.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>It is time to commit, as soon as the source's transaction ends.</summary>
    public bool IsFull => ChangeCount >= ChangesPerFlush || _orderedCount >= OrderedPerCommit || _age.Elapsed >= _longest;

    /// <summary>Changes that were repeated one by one, and not as part of a set.</summary>
    public long OrderedCount => _ordered.Count;

    public NpgsqlConnection Connection => connection;

    public static async Task<TargetWriter> OpenAsync(Migration migration, TouchedRows touched, CancellationToken ct)
        => new(await OpenSessionAsync(migration.Direction.Subscriber, "relay", ct), touched, migration.Journal.Epoch);

    /// <summary>For rows of the other side: where our role may say so, no trigger and no foreign key acts on them.</summary>
    public static async Task<NpgsqlConnection> OpenSessionAsync(Server subscriber, string step, CancellationToken ct)
    {
        var connection = await subscriber.OpenNewAsync(step, ct, autoPrepare: 1000);
        await connection.ExecuteAsync("SET synchronous_commit = on", ct); // What is committed is acknowledged to the source, which then forgets it.
        if (await subscriber.CanSetReplicaRoleAsync(ct))
            await connection.ExecuteAsync("SET session_replication_role = replica", ct);
        // Rows are found by the index of their key, however many a set has: a plan for that very set may rather read the whole table. (11 has no such setting.)
        await connection.ExecuteAsync(
            "SELECT pg_catalog.set_config(name, 'force_generic_plan', false) FROM pg_catalog.pg_settings WHERE name = 'plan_cache_mode'", ct);
        return connection;
    }

    /// <summary>Of a process that was stopped, not killed: its transaction will never commit, but its rows stay locked as long as its connection lasts.</summary>
    public Task EndFormerAsync(CancellationToken ct) => connection.ExecuteAsync(
        """
        SELECT pg_catalog.pg_terminate_backend(pid)
          FROM pg_catalog.pg_stat_activity
         WHERE datname = pg_catalog.current_database() AND usename = current_user AND application_name = pg_catalog.current_setting('application_name')
           AND xact_start IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
        """, ct);

    public async ValueTask AddAsync(Change change, CancellationToken ct)
    {
        _waiting.Add(change);
        if (change.Spooled is { } spooled)
            spooled.IsClaimed = true;
        _bytes += change.Row.Old.Bytes.Length + change.Row.New.Bytes.Length;
        _orderedCount += change.Table.IsOrdered || change.Table.OrderedBatches > 0 ? 1 : 0;
        if (ChangeCount++ == 0)
            _age.Restart();
        if (_waiting.Count >= ChangesPerFlush || _bytes >= BytesPerFlush)
            await FlushAsync(ct);
    }

    /// <summary>A command of ours between the changes, such as TRUNCATE.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await FlushAsync(ct);
        await BeginAsync(ct);
        await connection.ExecuteAsync(sql, ct);
        if (ChangeCount++ == 0)
            _age.Restart();
    }

    /// <summary>Sends what waits. The transaction stays open.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (_waiting.Count == 0)
            return;
        await BeginAsync(ct);
        if (_waiting.Exists(change => change.Table.ActsOnRows))
            await _ordered.WriteAsync(_waiting, ct); // What it does may concern the other tables.
        else
            await WriteAsync(ct);
        foreach (IDisposable? spooled in _waiting.Select(change => change.Spooled))
            spooled?.Dispose();
        _waiting.Clear();
        _bytes = 0;
    }

    async Task WriteAsync(CancellationToken ct)
    {
        var rest = new List<Change>();
        var isWritten = await _sets.TryWriteAsync(_waiting, rest, ct);
        await _ordered.WriteAsync(isWritten ? rest : _waiting, ct);
    }

    /// <summary>A position alone (a marker came by) is one command without a transaction around it: inside the fence, writers wait for every round trip.</summary>
    /// <exception cref="MigrationException">PB0205: another engine has taken over; nothing was committed.</exception>
    public async Task CommitAsync(Position position, CancellationToken ct)
    {
        await FlushAsync(ct);
        if (_inTransaction)
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
        if (_inTransaction)
            await connection.ExecuteAsync("COMMIT", ct);
        _sets.End();
        _age.Reset();
        (_inTransaction, ChangeCount, _orderedCount) = (false, 0, 0);
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
