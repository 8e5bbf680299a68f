using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>Who carries the stream of changes, as the heart asks it.</summary>
interface ICarrier : IAsyncDisposable
{
    /// <summary>Returns once the subscriber has all that the publisher had committed before the call.</summary>
    Task PassMarkerAsync(CancellationToken ct);

    /// <summary>How far the subscriber is behind.</summary>
    Task<LagMeasured> MeasureAsync(CancellationToken ct);
}

/// <summary>Our own stream.</summary>
sealed class RelayCarrier(Migration migration) : ICarrier
{
    NpgsqlConnection? _publisher;

    public async Task PassMarkerAsync(CancellationToken ct) => await (await migration.RelayAsync(ct)).PassMarkerAsync(ct);

    public async Task<LagMeasured> MeasureAsync(CancellationToken ct)
    {
        var relay = await migration.RelayAsync(ct);
        _publisher ??= await migration.Direction.Publisher.OpenAsync("lag", ct);
        var written = await _publisher.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct);
        var bytes = (long)(ulong)written - (long)(ulong)relay.AppliedLsn;
        var seconds = relay.CommittedAt is { } committed ? Math.Max(0, (migration.Time.GetUtcNow() - committed).TotalSeconds) : 0;
        return new LagMeasured(Math.Max(0, bytes), seconds, relay.AppliedLsn.ToString(), relay.TransactionCount, relay.ChangeCount, relay.BatchCount);
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
            await _publisher.DisposeAsync();
    }
}
