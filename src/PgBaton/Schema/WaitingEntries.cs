using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Entries that are not on the target yet, because their commands wait in the journal or nothing was done about them so far, and that are no longer what they were.</summary>
static class WaitingEntries
{
    /// <summary>
    /// In the caller's transaction, before anything is made: what is gone waits no longer; what only names a table by another name waits with its new command.
    /// </summary>
    /// <param name="target">With the journal.</param>
    /// <param name="changes">What was found.</param>
    /// <param name="apply">Constraints that wait for the stream are found again with the rest, and made.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <returns>Those that are still to be made; of foreign keys it is decided anew how they come.</returns>
    public static async Task<List<ArchiveEntry>> ReplaceAsync(
        NpgsqlConnection target, IReadOnlyList<SchemaChange> changes, bool apply, CancellationToken ct)
    {
        string[] phases = apply ? ["open", "settle", Waiting.Late] : ["open", "settle"];
        var waited = (await target.QueryAsync(
            "DELETE FROM pgbaton.waiting WHERE done_at IS NULL AND phase = ANY ($1) AND description = ANY ($2) RETURNING description, phase",
            row => (Description: row.GetString(0), Phase: row.GetString(1)), ct,
            phases, changes.SelectMany(change => change.Was).ToArray())).ToLookup(row => row.Description, row => row.Phase);
        var pending = (await target.QueryAsync("SELECT description FROM pgbaton.entry WHERE outcome IS NULL", row => row.GetString(0), ct)).ToHashSet();
        var left = new List<ArchiveEntry>();
        foreach (var (was, now) in changes.Where(change => change.Was.Count == change.Now.Count).SelectMany(change => change.Was.Zip(change.Now)))
        {
            if (pending.Contains(was) || (now.Kind == "FK CONSTRAINT" && waited.Contains(was)))
                left.Add(now);
            else if (now.Kind is not ("TABLE" or "DOMAIN"))
                await RecordAsync(target, now, waited[was], ct);
        }

        return left;
    }

    static async Task RecordAsync(NpgsqlConnection target, ArchiveEntry entry, IEnumerable<string> phases, CancellationToken ct)
    {
        foreach (var phase in phases)
            await new Waiting(phase, entry.Description, entry.Definition).RecordAsync(target, ct);
    }
}
