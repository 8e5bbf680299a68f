using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>What the source says at this moment. With an error, the rest is unknown.</summary>
/// <param name="Lsn">Where it writes.</param>
/// <param name="Slot">The migration's slot; null if there is none.</param>
/// <param name="Writer">What its gate says: source, target or none; null if there is no gate.</param>
/// <param name="Error">Why it could not be asked.</param>
sealed record SourceFacts(Lsn? Lsn, ReplicationSlot? Slot, string? Writer, string? Error)
{
    /// <summary>The source was not given.</summary>
    public static SourceFacts Unknown { get; } = new(null, null, null, null);

    public static async Task<SourceFacts> ReadAsync(NpgsqlConnection connection, string migration, CancellationToken ct)
        => new(
            await connection.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct),
            await ReplicationSlot.FindAsync(connection, $"pgbaton_{migration}", ct),
            await SourceGate.WriterAsync(connection, migration, ct),
            Error: null);
}
