using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// What is held on the target when definitions have changed under it: a trigger that is gone must not be enabled, an identity that is no longer ALWAYS not
/// become so, and a table may have another name. What the source has now is what will be let act; what only the target has is told (PB0509), and left alone.
/// </summary>
static class HoldAgain
{
    /// <summary>In the caller's transaction: nothing of it ever acts in between.</summary>
    public static async Task RunAsync(Migration migration, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var now = await ListAsync(migration, source, target, ct);
        var waiting = (await target.QueryAsync(
            "SELECT description, command FROM pgbaton.waiting WHERE done_at IS NULL AND phase IN ('open', 'settle') ORDER BY number",
            row => (Description: row.GetString(0), Command: row.GetString(1)), ct))
            .Where(row => Held.IsOne(row.Description)).ToLookup(row => row.Description, row => row.Command);
        var kept = now.Where(held => AreSame(held, [.. waiting[held.Description]])).Select(held => held.Description).ToHashSet();
        await target.ExecuteAsync(
            "DELETE FROM pgbaton.waiting WHERE done_at IS NULL AND phase IN ('open', 'settle') AND description = ANY ($1)", ct,
            (object)waiting.Select(row => row.Key).Where(description => !kept.Contains(description)).ToArray());

        var acting = (await ListAsync(migration, target, target, ct)).Select(held => held.Description).ToHashSet();
        foreach (var held in now.Where(held => acting.Contains(held.Description) || !kept.Contains(held.Description)))
        {
            if (!await TryAsync(target, held.Command, ct) || kept.Contains(held.Description))
                continue;
            foreach (var release in held.Releases)
                await release.RecordAsync(target, ct);
        }

        if (!await migration.Target.CanSetReplicaRoleAsync(ct))
            await Hold.ForeignKeysAsync(migration, target, Hold.WithinAsync, ct); // Made by hand.
    }

    static async Task<List<Held>> ListAsync(Migration migration, NpgsqlConnection connection, NpgsqlConnection target, CancellationToken ct)
    {
        var canSetReplicaRole = await migration.Target.CanSetReplicaRoleAsync(ct);
        return
        [
            .. await Held.OfTablesAsync(connection, new Scope(migration.Options), canSetReplicaRole, ct),
            .. await Held.OfChecksAsync(connection, target, ct),
            .. await Held.OfEventsAsync(connection, target, ct),
        ];
    }

    static bool AreSame(Held held, IReadOnlyList<string> waiting)
        => waiting.Count == held.Releases.Count && held.Releases.Zip(waiting).All(pair => SchemaText.AreEqual(pair.First.Command, pair.Second, sameMajor: false));

    // False: it is not on the target, or not yet.
    static async Task<bool> TryAsync(NpgsqlConnection target, string command, CancellationToken ct)
    {
        await target.ExecuteAsync("SAVEPOINT hold", ct);
        try
        {
            await EntryRun.ExecuteAsync(target, command, ct);
            await target.ExecuteAsync("RELEASE SAVEPOINT hold", ct);
            return true;
        }
        catch (PostgresException refusal) when (Removal.IsGone(refusal) || refusal.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            await target.ExecuteAsync("ROLLBACK TO SAVEPOINT hold", ct);
            return false;
        }
    }
}
