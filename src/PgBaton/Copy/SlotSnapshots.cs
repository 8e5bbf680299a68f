using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Each with a temporary slot, whose consistent point cuts the history of the tables that are copied under it: what committed before is in the rows,
/// what commits at or after it comes through the stream.
/// </summary>
sealed class SlotSnapshots(Migration migration) : CopySnapshots
{
    /// <summary>Of the temporary slot.</summary>
    public static string NameOf(Migration migration) => $"{migration.Journal.SlotName}_copy";

    public override async Task<ExportedSnapshot> TakeAsync(CancellationToken ct)
    {
        await using (var source = await migration.Source.OpenAsync("copy", ct))
            await ReplicationSlot.DropAsync(source, NameOf(migration), ct); // A former engine that was stopped, not killed, still has it.
        return await ExportedSnapshot.AtConsistentPointAsync(
            migration.Source, NameOf(migration), migration.PatienceWith(migration.Options.SlotTimeout), ct);
    }

    public override string Describe(ExportedSnapshot snapshot) => $"as of {snapshot.ConsistentPoint}";
}
