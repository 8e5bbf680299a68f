using System.Threading.Channels;
using PgBaton.Schema;

namespace PgBaton.Copy;

/// <summary>Builds the indexes of tables that are whole, the largest that waits first, while others are still being copied.</summary>
sealed class IndexQueue(Migration migration)
{
    readonly Channel<IndexedTable> _waiting = Channel.CreateUnboundedPrioritized(
        new UnboundedPrioritizedChannelOptions<IndexedTable> { Comparer = Comparer<IndexedTable>.Create((a, b) => b.Bytes.CompareTo(a.Bytes)) });

    public void Add(string schema, string name, long bytes) => _waiting.Writer.TryWrite(new IndexedTable(schema, name, bytes));

    /// <summary>No more tables come.</summary>
    public void Complete() => _waiting.Writer.Complete();

    /// <summary>Ends when all are built and no more come.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var sessions = new IndexSessions(migration);
        await Together.RunAsync(
            Enumerable.Repeat<Func<CancellationToken, Task>>(stop => BuildAsync(sessions, stop), Math.Max(1, migration.Options.IndexJobs)), ct);
    }

    async Task BuildAsync(IndexSessions sessions, CancellationToken ct)
    {
        await foreach (var table in _waiting.Reader.ReadAllAsync(ct))
            await TableIndexes.BuildAsync(migration, sessions, table.Schema, table.Name, ct);
    }

    sealed record IndexedTable(string Schema, string Name, long Bytes);
}
