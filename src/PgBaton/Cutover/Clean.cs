using PgBaton.Gate;
using PgBaton.Relay;
using PgBaton.Schema;
using PgBaton.Sequences;

namespace PgBaton.Cutover;

/// <summary>The way back is given up: nothing of ours stays on either server.</summary>
static class Clean
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await migration.StopRelayAsync(); // No row comes after the sequences.
        await using (var source = await migration.Source.OpenAsync("clean", ct))
        {
            await SetSequences.LevelAsync(migration, source, ct); // Whoever opens it for writing, now or later, gets no number that has come over.
            if (await migration.Journal.GetFactAsync(Fact.UnlockSource, ct) is not null)
                await ReadOnlyDefault.PutBackAsync(source, migration, migration.Source, ct);
            else if (await ReadOnlyDefault.FindCommandAsync(migration, migration.Source, ct) is { } command)
                migration.Report(new Notice($"the old source stays read-only by default; to lift that: SET default_transaction_read_only = off; {command}"));
            await Opening.ReleaseAllAsync(migration, source, ct); // What was held there while changes came back.
        }

        await CreateSlot.UndoAsync(migration, ct); // Drops the source's gate, too.
        await TargetGate.DropAsync(migration, ct);
        await migration.EndAsync(with: null, ct); // Last: as long as it is there, this step can be run again.
    }
}
