using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Repeats changes one after the other, in the source's order, many to a round trip.</summary>
sealed class OrderedWriter(NpgsqlConnection connection)
{
    const int CommandsPerRoundTrip = 500;

    /// <summary>Changes it has written.</summary>
    public long Count { get; private set; }

    /// <exception cref="MigrationException">PB0506, PB0507: with table, transaction and key columns.</exception>
    public async Task WriteAsync(IEnumerable<Change> changes, CancellationToken ct)
    {
        foreach (var some in changes.Chunk(CommandsPerRoundTrip))
            await WriteSomeAsync(some, ct);
    }

    async Task WriteSomeAsync(Change[] changes, CancellationToken ct)
    {
        Count += changes.Length;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var change in changes)
            batch.BatchCommands.Add(change.Command());
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException failure) when (!Transient.Is(failure) && batch.BatchCommands.IndexOf(failure.BatchCommand!) is >= 0 and var at)
        {
            throw changes[at].Failed(failure);
        }

        for (var i = 0; i < changes.Length; i++)
            changes[i].MustHaveTouchedOneRow(batch.BatchCommands[i].RecordsAffected);
    }
}
