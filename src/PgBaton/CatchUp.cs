using PgBaton.Relay;

namespace PgBaton;

/// <summary>
/// Changes of the old shape should be applied before the target gets the new one: all of them, or up to the one that it does not take.
/// </summary>
static class CatchUp
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Whoever else asks for the stream must have ended: it stands afterwards.</summary>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        if (await TryAsync(migration, ct) is { Code: Errors.ApplyRefused })
            await PassesSinglyAsync(migration, ct);
        await migration.StopRelayAsync();
    }

    /// <summary>As far as it goes by itself; returns what it failed with.</summary>
    public static async Task<MigrationException?> TryAsync(Migration migration, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_patience);
        try
        {
            await (await migration.RelayAsync(ct)).PassMarkerAsync(limit.Token);
            return null;
        }
        catch (Exception failure) when (failure is OperationCanceledException or MigrationException && !ct.IsCancellationRequested)
        {
            migration.Report(new Notice("the stream is not in step; what was asked for is done all the same"));
            return failure as MigrationException;
        }
    }

    /// <summary>
    /// What the target takes in front of a change that it refused was undone with it, as far as they shared a transaction there: it is applied, each transaction
    /// by itself. False: the change is refused again.
    /// </summary>
    public static async Task<bool> PassesSinglyAsync(Migration migration, CancellationToken ct)
    {
        await migration.StopRelayAsync();
        migration.Report(new Notice("the target has refused a change: what comes before it is applied, each transaction by itself"));
        await using var relay = await RelayRun.StartAsync(migration, ct, isSingly: true);
        try
        {
            await relay.PassMarkerAsync(ct);
            return true;
        }
        catch (MigrationException refused) when (refused.Code == Errors.ApplyRefused)
        {
            return false;
        }
    }
}
