using PgBaton.Copy;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Offline;

/// <summary>
/// How far the two sides are apart when the writers change over without a stream: every row is compared once more, inside the fence, as far as that
/// goes in the time that there is. What was not compared is told by name.
/// </summary>
/// <param name="migration">Whose.</param>
/// <param name="mayDiffer">Writers have gone on since the copy: a difference is what was to be expected, and is told.</param>
sealed class Apart(Migration migration, bool mayDiffer) : ILastLook
{
    public Task ApproachAsync(CancellationToken ct) => Task.CompletedTask;

    public Task LookAsync(CancellationToken ct) => VerifyTables.RunAsync(migration, new VerifyOptions(), ct);

    /// <exception cref="MigrationException">PB0601: they differ, and nobody can have written.</exception>
    public async Task InFenceAsync(TimeSpan limit, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        var since = await migration.Journal.TakeTurnAsync(c => c.QueryValueAsync<DateTimeOffset>("SELECT pg_catalog.clock_timestamp()", ct), ct);
        int? largeObjects = null;
        try
        {
            await VerifyTables.RunAsync(migration, new VerifyOptions(), limited.Token);
            largeObjects = await LargeObjects.CountApartAsync(migration, limited.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
        }

        var compared = await migration.Journal.TakeTurnAsync(async c => (await VerificationJournal.ReadAsync(c, ct)).FindAll(table => table.At >= since), ct);
        var names = compared.Select(table => table.Table).ToHashSet();
        var all = await VerificationJournal.RelationsAsync(migration.Journal, ct);
        Tell(compared.FindAll(table => !table.IsEqual), [.. all.Select(table => table.Name.ToString()).Where(name => !names.Contains(name))], largeObjects);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void Tell(List<TableVerification> differing, List<string> notCompared, int? largeObjects)
    {
        if (!mayDiffer && differing.Count > 0)
            throw Errors.TablesDiffer(differing);
        if (!mayDiffer && notCompared.Count > 0)
            migration.Report(Errors.VerifiedEarlier(notCompared));
        else if (mayDiffer && differing.Count + notCompared.Count == 0 && largeObjects == 0)
            migration.Report(new Notice("nothing was written on the source since the copy: both sides are equal"));
        else if (mayDiffer)
            migration.Report(Errors.SidesApart(differing, notCompared, largeObjects));
    }
}
