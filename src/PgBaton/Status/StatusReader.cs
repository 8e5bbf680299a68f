namespace PgBaton.Status;

/// <summary>Reads a <see cref="MigrationStatus"/>: needs the target; with the source as well it also knows lag, slot, gate and blockers.</summary>
static class StatusReader
{
    /// <param name="options">Both sides, or the target alone.</param>
    /// <param name="patience">After it nothing but the target's answer is waited for.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<MigrationStatus> ReadAsync(MigrationOptions options, TimeSpan patience, CancellationToken ct)
    {
        var reading = new StatusReading(options, ct);
        if (await Task.WhenAny(reading.Whole, Task.Delay(patience, TimeProvider.System, ct)) != reading.Whole)
            await Task.WhenAny(reading.Whole, reading.OfTarget);
        ct.ThrowIfCancellationRequested();
        return reading.Whole.IsCompleted ? await reading.Whole : reading.Leave();
    }
}
