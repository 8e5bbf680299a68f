using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Entries of which the commands wait in the journal, and that are no longer what they were.</summary>
static class WaitingEntries
{
    /// <summary>
    /// In the caller's transaction, before anything is made: what is gone waits no longer; what only names a table by another name waits with its new command.
    /// </summary>
    /// <param name="target">With the journal.</param>
    /// <param name="changes">What was found.</param>
    /// <param name="apply">Constraints that wait for the stream are found again with the rest, and made.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <returns>Foreign keys: of them it is decided anew how they come.</returns>
    public static async Task<List<ArchiveEntry>> ReplaceAsync(
        NpgsqlConnection target, IReadOnlyList<SchemaChange> changes, bool apply, CancellationToken ct)
    {
        string[] phases = apply ? ["open", "settle", Waiting.Late] : ["open", "settle"];
        var waited = (await target.QueryAsync(
            "DELETE FROM pgbaton.waiting WHERE done_at IS NULL AND phase = ANY ($1) AND description = ANY ($2) RETURNING description, phase",
            row => (Description: row.GetString(0), Phase: row.GetString(1)), ct,
            phases, changes.SelectMany(change => change.Was).ToArray())).ToLookup(row => row.Description, row => row.Phase);
        var keys = new List<ArchiveEntry>();
        foreach (var (was, now) in changes.Where(change => change.Was.Count == change.Now.Count).SelectMany(change => change.Was.Zip(change.Now)))
        {
            if (now.Kind == "FK CONSTRAINT" && waited.Contains(was))
                keys.Add(now);
            else if (now.Kind is not ("TABLE" or "DOMAIN"))
                await RecordAsync(target, now, waited[was], ct);
        }

        return keys;
    }

    static async Task RecordAsync(NpgsqlConnection target, ArchiveEntry entry, IEnumerable<string> phases, CancellationToken ct)
    {
        foreach (var phase in phases)
            await new Waiting(phase, entry.Description, entry.Definition).RecordAsync(target, ct);
    }
}
