namespace PgBaton.Verify;

/// <summary>Keeps the reading of one side to so many bytes a second: a piece begins when those before it would be over at that rate.</summary>
/// <param name="bytesPerSecond">Null: nothing is held back.</param>
/// <param name="time">The clock.</param>
sealed class Brake(long? bytesPerSecond, TimeProvider time)
{
    readonly Lock _turn = new();
    DateTimeOffset _free;

    /// <summary>Ends when it is the turn of so many bytes.</summary>
    public Task PassAsync(long bytes, CancellationToken ct)
    {
        if (bytesPerSecond is not { } rate || bytes == 0)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (_turn)
        {
            var now = time.GetUtcNow();
            wait = _free > now ? _free - now : TimeSpan.Zero;
            _free = now + wait + TimeSpan.FromSeconds((double)bytes / rate);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, ct) : Task.CompletedTask;
    }
}
