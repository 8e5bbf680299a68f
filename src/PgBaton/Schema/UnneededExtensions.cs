using Npgsql;
using PgBaton.Catalog;

namespace PgBaton.Schema;

/// <summary>
/// Extensions that cannot be had on the target, and that nothing in scope needs: they are left out, as PB1070 has told. One that is needed stays, and
/// the target's refusal stops the run.
/// </summary>
static class UnneededExtensions
{
    public static async Task SkipAsync(Migration migration, NpgsqlConnection target, EntryRun run, IReadOnlyList<ArchiveEntry> entries, CancellationToken ct)
    {
        var pending = (await Entry.PendingAsync(target, "pre-data", ct)).Where(entry => entry.Kind == "EXTENSION").ToList();
        if (pending.Count == 0)
            return;
        var impossible = await ImpossibleAsync(target, entries, pending, ct);
        if (impossible.Count == 0)
            return;
        await using var source = await migration.Source.OpenAsync("pre-data", ct);
        var scope = new Scope(migration.Options);
        var used = (await ExtensionUse.ListAsync(source, ct)).Where(use => use.IsIn(scope)).Select(use => use.Extension).ToHashSet(StringComparer.Ordinal);
        var left = new HashSet<int>();
        foreach (var (extension, why) in impossible.Where(item => !used.Contains(item.Extension.Name)))
        {
            left.Add(extension.Id);
            await run.DecideAsync(extension, "harmless", $"{why}, and nothing in scope needs it", ct);
        }

        foreach (var comment in (await Entry.PendingAsync(target, "pre-data", ct)).Where(entry => entry.Kind == "COMMENT" && entry.Needs.Any(left.Contains)))
            await run.DecideAsync(comment, "harmless", "its extension is left out", ct);
    }

    // Only those that no other entry names are tried: what pg_dump says is needed is made, or refused for all to see.
    static async Task<List<(Entry Extension, string Why)>> ImpossibleAsync(
        NpgsqlConnection target, IReadOnlyList<ArchiveEntry> entries, List<Entry> pending, CancellationToken ct)
    {
        var needed = entries.Where(entry => entry.Kind is not ("COMMENT" or "EXTENSION")).SelectMany(entry => entry.Needs).ToHashSet();
        var unnamed = pending.Where(entry => !needed.Contains(entry.Id)).ToList();
        var offers = await ExtensionOffer.ListAsync(target, unnamed.Select(entry => entry.Name), ct);
        var impossible = new List<(Entry, string)>();
        foreach (var entry in unnamed)
        {
            if (!offers.ContainsKey(entry.Name))
                impossible.Add((entry, "the target does not offer it"));
            else if (await ExtensionOffer.RefusalAsync(target, entry.Name, ct) is { } refusal)
                impossible.Add((entry, $"the target says: {refusal}"));
        }

        return impossible;
    }
}
