using System.Security.Cryptography;
using System.Text;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>
/// What lets the engine's own sessions through a closed gate: a random number of this process, known to the servers only by its hash. The
/// token of a former engine opens nothing any more.
/// </summary>
static class GateToken
{
    /// <summary>Makes a new token, has every connection opened from now on carry it, and tells each gate that exists.</summary>
    public static async Task RenewAsync(Migration migration, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        migration.Source.UseToken(token);
        migration.Target.UseToken(token);
        await RenewOnSourceAsync(migration, token, ct);
        await RenewOnTargetAsync(migration, token, ct);
    }

    /// <summary>As the trigger's function computes it.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    // No engine may decide until this one has set its fence: the epoch goes too.
    static async Task RenewOnSourceAsync(Migration migration, string token, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("token", ct);
        if (await GateRow.ExistsAsync(source, ct))
        {
            await source.ExecuteAsync(
                "UPDATE pgbaton.gate SET token_sha256 = $2, epoch = NULL WHERE migration = $1", ct, migration.Journal.Name, Hash(token));
        }
    }

    static async Task RenewOnTargetAsync(Migration migration, string token, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("token", ct);
        await using var transaction = await target.BeginTransactionAsync(ct);
        if (await GateRow.ExistsAsync(target, ct))
            await target.ExecuteAsync("UPDATE pgbaton.gate SET token_sha256 = $1", ct, Hash(token));
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}
