using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>What a worker in another process needs to read what the engine reads, as a fact of the journal.</summary>
/// <param name="Epoch">Of the engine that made it.</param>
/// <param name="Snapshot">Under which the tables are copied.</param>
/// <param name="Token">
/// Opens the target's gate for the sessions of this engine. Only the owner of the journal, who could drop the gate as well, reads it here.
/// </param>
sealed record CopyOffer(long Epoch, Snapshot Snapshot, string Token)
{
    /// <summary>Workers may come.</summary>
    public static Task MakeAsync(Migration migration, Snapshot snapshot, CancellationToken ct)
        => migration.Journal.SetFactAsync(
            Fact.CopyOffer,
            string.Create(CultureInfo.InvariantCulture, $"{migration.Journal.Epoch} {snapshot.ConsistentPoint} {snapshot.Name} {migration.Target.Token}"), ct);

    /// <summary>Nothing is left to be taken.</summary>
    public static Task WithdrawAsync(Migration migration, CancellationToken ct) => migration.Journal.SetFactAsync(Fact.CopyOffer, null, ct);

    /// <summary>Null where there is none, it is of a former engine, or the copy is paused.</summary>
    public static async Task<CopyOffer?> FindAsync(NpgsqlConnection target, CancellationToken ct)
    {
        var text = await target.QueryFirstAsync(
            """
            SELECT f.value
              FROM pgbaton.fact f
             WHERE f.key = $1 AND f.value LIKE (SELECT e.epoch || ' %' FROM pgbaton.engine e)
               AND NOT EXISTS (SELECT FROM pgbaton.fact p WHERE p.key = $2)
            """, row => row.GetString(0), ct, Fact.CopyOffer, Fact.Paused);
        if (text?.Split(' ') is not [var epoch, var point, var name, var token])
            return null;
        return new CopyOffer(long.Parse(epoch, CultureInfo.InvariantCulture), new Snapshot(name, Lsn.Parse(point)), token);
    }

    /// <summary>The two are of the same round.</summary>
    public bool Is(CopyOffer? other) => other is not null && other.Epoch == Epoch && other.Snapshot.Name == Snapshot.Name;
}
