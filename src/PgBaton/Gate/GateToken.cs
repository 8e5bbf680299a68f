using System.Security.Cryptography;
using System.Text;
using Npgsql;
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
        await SourceGate.TakeAsync(migration, token, ct);
        await using var target = await migration.Target.OpenAsync("token", ct);
        await JournalEpoch.TakeAsync(
            target,
            async () =>
            {
                var renewed = await GateRow.ExistsAsync(target, ct) ? await RenewAsync(target, token, ct) : 0;
                await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
                return renewed;
            },
            ct);
    }

    /// <summary>One gate. No engine may decide there until this one has set its fence: the epoch goes too.</summary>
    public static Task<int> RenewAsync(NpgsqlConnection connection, string token, CancellationToken ct)
        => connection.ExecuteAsync("UPDATE pgbaton.gate SET token_sha256 = $1, epoch = NULL", ct, Hash(token));

    /// <summary>As the trigger's function computes it.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
