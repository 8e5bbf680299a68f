using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>A session on each side, to compare them.</summary>
/// <param name="isBack">The target is the publisher.</param>
/// <param name="onPublisher">Of the side that is the writer.</param>
/// <param name="onSubscriber">Of the other one.</param>
sealed class TwoSides(bool isBack, NpgsqlConnection onPublisher, NpgsqlConnection onSubscriber) : IAsyncDisposable
{
    public bool IsBack => isBack;

    public NpgsqlConnection Publisher => onPublisher;

    public NpgsqlConnection Subscriber => onSubscriber;

    /// <summary>The one of the two on the target.</summary>
    public NpgsqlConnection Journal => IsBack ? onPublisher : onSubscriber;

    /// <summary>The other one.</summary>
    public NpgsqlConnection Source => IsBack ? onSubscriber : onPublisher;

    /// <summary>As messages call it.</summary>
    public string PublisherName => isBack ? "target" : "source";

    /// <summary>As messages call it.</summary>
    public string SubscriberName => isBack ? "source" : "target";

    public static async Task<TwoSides> OpenAsync(Server publisher, Server subscriber, string step, CancellationToken ct)
    {
        var first = await publisher.OpenAsync(step, ct);
        try
        {
            return new TwoSides(publisher.Side == Side.Target, first, await subscriber.OpenAsync(step, ct));
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
