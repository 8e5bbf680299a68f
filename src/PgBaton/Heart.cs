using System.Globalization;
using PgBaton.Cutover;

namespace PgBaton;

/// <summary>Proves again and again that the subscriber is in step, and says how far behind it is.</summary>
static class Heart
{
    static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(10);

    /// <summary>A heartbeat that comes back within this time means: in sync.</summary>
    static readonly TimeSpan _inSync = TimeSpan.FromSeconds(5);

    /// <summary>Ends only with a failure, or when cancelled.</summary>
    public static async Task BeatAsync(Migration migration, ICarrier carrier, CancellationToken ct)
    {
        var watch = new DriftWatch(migration);
        while (true)
        {
            var elapsed = await BeatOnceAsync(migration, carrier, ct);
            await migration.Journal.SetFactAsync(Fact.HeartbeatAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
            migration.Report(await carrier.MeasureAsync(ct));
            if (elapsed < _inSync)
                await ReportInSyncAsync(migration, elapsed, ct);
            await watch.LookAsync(ct);
            // After one that took long, whoever waits for the two to be in step should not wait for the next one as well.
            for (var waited = TimeSpan.Zero; elapsed < _inSync && waited < _heartbeatInterval; waited += TimeSpan.FromSeconds(1))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), migration.Time, ct);
                migration.Report(await carrier.MeasureAsync(ct));
            }
        }
    }

    // Returns how long it took. Whatever ends it, nothing of it goes on behind the caller's back: the carrier's sessions are his to close.
    static async Task<TimeSpan> BeatOnceAsync(Migration migration, ICarrier carrier, CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var started = migration.Time.GetTimestamp();
        var beat = carrier.PassMarkerAsync(both.Token);
        try
        {
            while (await Task.WhenAny(beat, Task.Delay(TimeSpan.FromSeconds(1), migration.Time, ct)) != beat)
                migration.Report(await carrier.MeasureAsync(ct));
            await beat;
            return migration.Time.GetElapsedTime(started);
        }
        finally
        {
            await both.EndAsync(beat);
        }
    }

    static async Task ReportInSyncAsync(Migration migration, TimeSpan elapsed, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is null)
            migration.Report(new InSync(elapsed.TotalSeconds));
        await migration.Journal.SetFactAsync(Fact.InSyncAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
    }
}
