using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>A session on each side, to compare them.</summary>
sealed class TwoSides(Server publisher, Server subscriber, NpgsqlConnection onPublisher, NpgsqlConnection onSubscriber) : IAsyncDisposable
{
    public bool IsBack => publisher.Side == Side.Target;

    public NpgsqlConnection Publisher => onPublisher;

    public NpgsqlConnection Subscriber => onSubscriber;

    /// <summary>The one of the two on the target.</summary>
    public NpgsqlConnection Journal => IsBack ? onPublisher : onSubscriber;

    /// <summary>The other one.</summary>
    public NpgsqlConnection Source => IsBack ? onSubscriber : onPublisher;

    /// <summary>As messages call it.</summary>
    public string PublisherName => publisher.Name;

    /// <summary>As messages call it.</summary>
    public string SubscriberName => subscriber.Name;

    public static async Task<TwoSides> OpenAsync(Server publisher, Server subscriber, string step, CancellationToken ct)
    {
        var first = await publisher.OpenAsync(step, ct);
        try
        {
            return new TwoSides(publisher, subscriber, first, await subscriber.OpenAsync(step, ct));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await onPublisher.DisposeAsync();
        await onSubscriber.DisposeAsync();
    }
}
