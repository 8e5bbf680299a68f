namespace PgBaton.Schema;

/// <summary>What may change on the source while it is followed and is in no stream and no definition: read once more before the fence.</summary>
static class LateChanges
{
    public static async Task RecordAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Direction.IsBack || migration.Options.ExistingSchema)
            return;
        await using var source = await migration.Source.OpenAsync("late", ct);
        await using var target = await EntryRun.OpenAsync(migration.Target, "late", ct);
        await Opening.BeforeFenceAsync(migration, target, ct);
        await DatabaseSettings.RecordAsync(migration, source, target, ct);
        await FilledViews.RefreshLaterAsync(migration, target, await FilledViews.EmptyAsync(source, ct), ct);
    }
}
