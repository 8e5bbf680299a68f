namespace PgBaton.Postgres;

/// <summary>A session that reads rows with COPY TO STDOUT, over our own wire or the driver's.</summary>
abstract class CopySource : IAsyncDisposable
{
    /// <summary>Commands that return no rows. After one that the server has refused, the next may follow.</summary>
    public abstract Task ExecuteAsync(string sql, CancellationToken ct);

    /// <summary>From now on, until <see cref="EndAsync"/>, only its bytes are read.</summary>
    public abstract Task BeginAsync(string copyOut, bool isBinary, CancellationToken ct);

    /// <summary>The next bytes, whatever they are of; less than there is room for only at the end, and then none.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>All was read, and the server says that it was all.</summary>
    public abstract ValueTask EndAsync(CancellationToken ct);

    /// <summary>Nothing more is wanted of what was begun: the server is not to go on sending to nobody.</summary>
    public abstract ValueTask GiveUpAsync();

    public abstract ValueTask DisposeAsync();
}
