using PgBaton.Gate;
using PgBaton.Relay;

namespace PgBaton.Cutover;

/// <summary>The way back is given up: nothing of ours stays on either server.</summary>
static class Clean
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        var command = await ReadOnlyDefault.FindCommandAsync(migration, ct);
        if (await migration.Journal.GetFactAsync(Fact.UnlockSource, ct) is not null)
            await ReadOnlyDefault.PutBackAsync(migration, ct);
        else if (command is not null)
            migration.Report(new Notice($"the old source stays read-only by default; to lift that: {command}"));

        await CreateSlot.UndoAsync(migration, ct); // Drops the source's gate, too.
        await TargetGate.DropAsync(migration, ct);
        await migration.Journal.DropAsync(ct); // Last: as long as it is there, this step can be run again.
    }
}
