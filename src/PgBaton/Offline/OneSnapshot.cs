using System.Globalization;
using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Offline;

/// <summary>
/// Writers go on, and nothing carries what they write: all that is copied is of one snapshot, or the rows would not belong together. A snapshot
/// dies with its process, so that a copy that was cut off begins anew. Whether the target has what the snapshot shows is compared while it lives:
/// afterwards nobody can tell any more.
/// </summary>
sealed class OneSnapshot(Migration migration) : CopySnapshots
{
    DateTimeOffset _asked;

    public override async Task BeginAsync(CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.CopiedAsOf, ct) is null)
            await CopyTables.ForgetAsync(migration, ct);
    }

    public override Task<ExportedSnapshot> TakeAsync(CancellationToken ct)
    {
        _asked = migration.Time.GetUtcNow();
        return ExportedSnapshot.NowAsync(migration.Source, ct);
    }

    public override string Describe(ExportedSnapshot snapshot) => "as of now, under one snapshot";

    /// <exception cref="IOException">A table was changed underneath: worth another try, with another snapshot of everything.</exception>
    /// <exception cref="MigrationException">PB0410 to PB0413, PB0601.</exception>
    public override async Task ReadAsync(ExportedSnapshot snapshot, IReadOnlyCollection<TableCopy> changed, CancellationToken ct)
    {
        if (changed.FirstOrDefault() is { } table)
            throw new IOException($"table {table} was changed on the source while it was copied: the copy begins anew, under another snapshot");
        if (LargeObject.AreMoved(migration.Options))
        {
            await using var source = await snapshot.OpenReaderAsync(migration.Source, "large-objects", ct);
            await LargeObjects.SyncAsync(migration, source, ct);
        }

        if ((await VerifyTables.RunAsync(migration, new VerifyOptions(), token => PairAsync(snapshot, token), ct)).ToError() is { } difference)
            throw difference;
        await migration.Journal.SetFactAsync(Fact.CopiedAsOf, _asked.ToString("u", CultureInfo.InvariantCulture), ct);
    }

    public override async Task EndAsync(CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.CopiedAsOf, ct) is not null)
            return;
        await using var snapshot = await TakeAsync(ct); // There was no table to copy.
        await ReadAsync(snapshot, [], ct);
    }

    async Task<SnapshotPair> PairAsync(ExportedSnapshot snapshot, CancellationToken ct)
    {
        var source = await snapshot.ShareAsync(migration.Source, ct);
        try
        {
            return new SnapshotPair(source, await ExportedSnapshot.NowAsync(migration.Target, ct), lsn: null);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }
}
