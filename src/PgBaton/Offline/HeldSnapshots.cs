using System.Globalization;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Offline;

/// <summary>
/// The source is held closed, so that every snapshot shows the same rows: a copy that was cut off goes on table by table.
/// </summary>
sealed class HeldSnapshots(Migration migration) : CopySnapshots
{
    /// <exception cref="MigrationException">PB0705, PB0706, PB0722.</exception>
    public override async Task BeginAsync(CancellationToken ct)
    {
        var asked = migration.Time.GetUtcNow();
        if (!await IsSetAsync(ct)) // What was copied under an earlier hold that is gone may have been written since.
            await CopyTables.ForgetAsync(migration, ct);
        var isNew = !await SourceHold.SetAsync(migration, ct);
        if (!isNew && await migration.Journal.GetFactAsync(Fact.Held, ct) is not null)
            return;
        await migration.Journal.SetFactAsync(Fact.FencedAt, asked.ToString("O", CultureInfo.InvariantCulture), ct);
        await migration.Journal.SetFactAsync(Fact.Held, "true", ct);
        migration.Report(new FenceSet((migration.Time.GetUtcNow() - asked).TotalSeconds));
        migration.Report(Errors.SourceStaysClosed());
    }

    public override Task<ExportedSnapshot> TakeAsync(CancellationToken ct) => ExportedSnapshot.NowAsync(migration.Source, ct);

    public override string Describe(ExportedSnapshot snapshot) => "of the source, which is closed for writers";

    public override Task EndAsync(CancellationToken ct) => LargeObjects.SyncAsync(migration, ct);

    async Task<bool> IsSetAsync(CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("hold", ct);
        return await SourceHold.IsSetAsync(source, ct);
    }
}
