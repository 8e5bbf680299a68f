namespace PgBaton.Status;

/// <summary>Reads a <see cref="MigrationStatus"/>: needs the target; with the source as well it also knows lag, slot, gate and blockers.</summary>
static class StatusReader
{
    /// <param name="options">Both sides, or the target alone.</param>
    /// <param name="patience">After it nothing but the target's answer is waited for; where that took longer than half of it, after twice as long.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<MigrationStatus> ReadAsync(MigrationOptions options, TimeSpan patience, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        var reading = new StatusReading(options, ct);
        await Task.WhenAny(reading.Whole, reading.OfTarget);
        // A machine that is busy is slow to ask: as long as the target's answer took, and as long again.
        var taken = TimeProvider.System.GetElapsedTime(started);
        var left = TimeSpan.FromTicks(Math.Max(patience.Ticks - taken.Ticks, taken.Ticks));
        await Task.WhenAny(reading.Whole, Task.Delay(left, TimeProvider.System, ct));
        ct.ThrowIfCancellationRequested();
        return reading.Whole.IsCompleted ? await reading.Whole : reading.Leave();
    }
}
