using PgBaton.Postgres;
using PgBaton.Postgres.Wire;

namespace PgBaton.Copy;

/// <summary>From where rows are copied to where, and for which engine: all that a worker has to know of a migration.</summary>
/// <param name="Source">Where they are read.</param>
/// <param name="Target">Where they are written, and the journal is.</param>
/// <param name="Wire">Over which rows are read.</param>
/// <param name="LockTimeout">How long a table that somebody has locked is waited for.</param>
/// <param name="Epoch">Of the engine that planned the copy: nothing commits under a later one.</param>
/// <param name="Brake">On all that is read over it.</param>
/// <param name="Time">The clock.</param>
/// <param name="Report">Told of everything that happens.</param>
sealed record CopyRoute(Server Source, Server Target, StreamWire Wire, TimeSpan LockTimeout, long Epoch, Brake Brake, TimeProvider Time, Action<MigrationEvent> Report)
{
    /// <summary>The engine's own.</summary>
    public static CopyRoute Of(Migration migration) => new(
        migration.Source, migration.Direction.Subscriber, migration.Options.Wire, migration.Options.LockTimeout, migration.Journal.Epoch, new Brake(migration.Options.MaxRate, migration.Time),
        migration.Time, migration.Report);

    /// <summary>A session that reads rows.</summary>
    public async Task<CopySource> OpenSourceAsync(CancellationToken ct)
        => await Source.TryOpenWireAsync(TargetSession.Name, isReplication: false, Wire, ct) is { } session
            ? new WireCopySource(session)
            : new DriverCopySource(await Source.OpenAsync(TargetSession.Name, ct));
}
