
namespace PgBaton;

/// <summary>Waits between tries: 0.25 s, doubled up to 15 s, given up after <see cref="Limit"/> without progress in between.</summary>
sealed class Retries(Migration migration)
{
    /// <summary>About three minutes.</summary>
    public const int Limit = 16;

    int _attempt;
    string? _before;

    public async Task WaitAsync(Exception failure, CancellationToken ct)
    {
        var now = migration.Milestone;
        _attempt = now == _before ? _attempt + 1 : 1;
        _before = now;
        if (_attempt >= Limit)
            throw Errors.RetriesUsedUp(_attempt, failure);

        var delay = TimeSpan.FromSeconds(Math.Min(15, 0.25 * Math.Pow(2, _attempt - 1)));
        migration.Report(new Retrying(_attempt, failure.Message, delay.TotalSeconds));
        await Task.Delay(delay, migration.Time, ct);
    }
}
