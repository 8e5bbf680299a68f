using Npgsql;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Verify;

/// <summary>
/// Compares once more, by key, the rows that the relay has written since their tables were verified: first while writers run, again and again until
/// few are left, and the last of them inside the fence. Sessions and shapes are ready before the fence.
/// </summary>
sealed class DeltaVerification(Migration migration) : ILastLook
{
    // By an index, or not at all: rows of large tables are looked up one by one.
    const string Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c max_parallel_workers_per_gather=0 -c jit=off";

    /// <summary>So few are compared in about the time of a round trip.</summary>
    const int Few = 500;

    const int Rounds = 5;

    NpgsqlConnection? _source, _target;
    TableDigests? _digests;
    long _rowsBefore;

    /// <summary>Rows that were compared in the newest look, and the tables of which not all could be.</summary>
    public DeltaReport Newest { get; private set; } = new(0, 0, []);

    /// <summary>While writers run: until few rows are left to compare, or as few as can be reached.</summary>
    /// <exception cref="MigrationException">PB0609.</exception>
    public async Task ApproachAsync(CancellationToken ct)
    {
        _source = await migration.Source.OpenNewAsync("verify", ct, Options);
        _target = await migration.Target.OpenNewAsync("verify", ct, Options);
        _digests = await TableDigests.ReadAsync(migration, _source, _target, ct);
        for (var round = 1; round <= Rounds; round++)
        {
            await LookAsync(ct);
            if (Newest.Rows <= Few)
                return;
        }
    }

    /// <summary>One look while writers run: what was written before it is compared and struck off.</summary>
    /// <exception cref="MigrationException">PB0609.</exception>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var pair = await SnapshotPair.ThroughRelayAsync(migration, ct);
        await pair.Source.BeginReadingAsync(_source!, ct);
        await pair.Target.BeginReadingAsync(_target!, ct);
        var compared = await CompareAsync(ct);
        _rowsBefore += Newest.Rows;
        await _source!.ExecuteAsync("COMMIT", ct);
        await _target!.ExecuteAsync("COMMIT", ct);
        await StrikeOffAsync(compared, ct);
    }

    /// <summary>
    /// Everything is applied and nobody writes. What cannot be compared within the limit is told as older, not waited for: writers do wait.
    /// </summary>
    /// <exception cref="MigrationException">PB0609.</exception>
    public async Task InFenceAsync(TimeSpan limit, CancellationToken ct)
    {
        var relay = await migration.RelayAsync(ct);
        relay.Touched.Cut(relay.AppliedLsn);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        try
        {
            await StrikeOffAsync(await CompareAsync(limited.Token), ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Newest = new DeltaReport(0, 0, [.. relay.Touched.List().Select(table => table.QualifiedName)]);
        }

        migration.Report(new DeltaVerified(Newest.Tables, Newest.Rows, relay.AppliedLsn.ToString(), _rowsBefore));
        if (Newest.Older.Count > 0)
            migration.Report(Errors.VerifiedEarlier(Newest.Older));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        if (_target is not null)
            await _target.DisposeAsync();
    }

    // Returns the tables whose rows were all compared.
    async Task<List<TouchedTable>> CompareAsync(CancellationToken ct)
    {
        var touched = (await migration.RelayAsync(ct)).Touched.List();
        var (compared, older, differing) = (new List<TouchedTable>(), new List<string>(), new List<string>());
        foreach (var table in touched)
        {
            if (table.Keys is null || _digests!.Find(table) is not { } digest)
                older.Add(table.QualifiedName);
            else if (await digest.CompareAsync(_source!, _target!, table, ct) is { Count: > 0 } rows)
                differing.Add($"{table.QualifiedName}: {string.Join(", ", rows.Take(5).Select(row => row.Key))}{(rows.Count > 5 ? $" and {rows.Count - 5} more" : "")}");
            else
                compared.Add(table);
        }

        Newest = new DeltaReport(compared.Count, compared.Sum(table => table.Keys!.Count), older);
        return differing.Count == 0 ? compared : throw Errors.DeltaDiffers(differing, migration.Direction.Subscriber.Side);
    }

    async Task StrikeOffAsync(List<TouchedTable> compared, CancellationToken ct)
    {
        var subscriber = migration.Direction.IsBack ? _source! : _target!;
        await (await migration.RelayAsync(ct)).Touched.StrikeOffAsync(subscriber, compared, migration.Journal.Epoch, ct);
    }
}

/// <summary>One look at the rows that were written since the last.</summary>
/// <param name="Tables">All of whose rows were compared.</param>
/// <param name="Rows">That were compared.</param>
/// <param name="Older">Tables that were written too much: what their last verification found may no longer be so.</param>
sealed record DeltaReport(int Tables, int Rows, IReadOnlyList<string> Older);
