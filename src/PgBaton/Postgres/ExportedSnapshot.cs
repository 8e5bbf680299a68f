using Npgsql;
using Npgsql.Replication;

namespace PgBaton.Postgres;

/// <summary>
/// A snapshot that many sessions can read. It lives as long as this object, held by an ordinary session of ours (the keeper):
/// a replication connection would lose it with its next command, or to a timeout.
/// </summary>
sealed class ExportedSnapshot : Snapshot, IAsyncDisposable
{
    readonly NpgsqlConnection _keeper;

    ExportedSnapshot(NpgsqlConnection keeper, string name, Lsn consistentPoint)
        : base(name, consistentPoint)
        => _keeper = keeper;

    /// <summary>Takes the snapshot with a temporary slot, so that <see cref="Snapshot.ConsistentPoint"/> cuts the history exactly.</summary>
    /// <exception cref="MigrationException">PB0401: open transactions of others lasted longer than the limit of <paramref name="patience"/>.</exception>
    public static async Task<ExportedSnapshot> AtConsistentPointAsync(
        Server server, string slot, Patience patience, CancellationToken ct)
    {
        await using var replication = await server.OpenReplicationAsync("snapshot", ct);
        var created = await SlotCreation.CreateAsync(
            server, replication, slot, temporary: true, LogicalSlotSnapshotInitMode.Export, patience, ct);
        var keeper = await server.OpenAsync("snapshot", ct);
        try
        {
            await BeginAsync(keeper, created.SnapshotName!, ct);
            return new ExportedSnapshot(keeper, await ExportAsync(keeper, ct), created.ConsistentPoint);
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    /// <summary>An ordinary snapshot of this moment.</summary>
    public static async Task<ExportedSnapshot> NowAsync(Server server, CancellationToken ct)
    {
        var keeper = await server.OpenAsync("snapshot", ct);
        await BeginAsync(keeper, snapshot: null, ct);
        return new ExportedSnapshot(keeper, await ExportAsync(keeper, ct), new Lsn(0));
    }

    /// <summary>The same snapshot, held by a session of its own.</summary>
    public async Task<ExportedSnapshot> ShareAsync(Server server, CancellationToken ct)
    {
        var keeper = await OpenReaderAsync(server, "snapshot", ct);
        return new ExportedSnapshot(keeper, await ExportAsync(keeper, ct), ConsistentPoint);
    }

    /// <summary>Which transactions it sees, as <c>pg_current_snapshot()</c> prints it: <c>xmin:xmax:xip,xip</c>.</summary>
    public Task<string> TransactionsAsync(CancellationToken ct)
        => _keeper.QueryValueAsync<string>(
            new ServerVersion(_keeper.PostgreSqlVersion.Major * 10000).HasCurrentSnapshot
                ? "SELECT pg_catalog.pg_current_snapshot()::text"
                : "SELECT pg_catalog.txid_current_snapshot()::text", ct);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    static Task<string> ExportAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryValueAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct);
}
