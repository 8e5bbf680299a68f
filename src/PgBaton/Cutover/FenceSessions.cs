using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>The sessions that are needed while writers wait, opened before they do.</summary>
sealed class FenceSessions : IAsyncDisposable
{
    static readonly string[] _onPublisher = ["fence", "marker", "marker", "copy", "sequences", "sequences", "reverse", "sessions", "sessions"];
    static readonly string[] _onSubscriber = ["marker", "large-objects", "large-objects", "sequences", "definitions", "open"];

    readonly ReadySessions _publisher, _subscriber;

    FenceSessions(ReadySessions publisher, ReadySessions subscriber) => (_publisher, _subscriber) = (publisher, subscriber);

    /// <summary>The gate must be armed: they carry its token.</summary>
    public static async Task<FenceSessions> OpenAsync(Direction direction, CancellationToken ct)
    {
        var publisher = await ReadySessions.OpenAsync(direction.Publisher, _onPublisher, ct);
        try
        {
            return new FenceSessions(publisher, await ReadySessions.OpenAsync(direction.Subscriber, _onSubscriber, ct));
        }
        catch
        {
            await publisher.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _subscriber.DisposeAsync();
    }
}
