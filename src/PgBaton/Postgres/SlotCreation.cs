using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;

namespace PgBaton.Postgres;

/// <summary>
/// Creates a logical slot without waiting for ever: the server waits for every open writing or prepared transaction of the whole cluster,
/// and no timeout setting of the server ends that wait (statement_timeout does not count for the replication protocol). So another session
/// of ours cancels it and says who was in the way.
/// </summary>
static class SlotCreation
{
    static readonly TimeSpan _cancelInterval = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan _cancelPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Returns the slot if the server made it, even when patience or token ended in the same moment. Otherwise no slot is left behind.
    /// </summary>
    /// <exception cref="MigrationException">PB0401: others' transactions lasted longer than the limit of <paramref name="patience"/>.</exception>
    public static async Task<PgOutputReplicationSlot> CreateAsync(
        Server server, LogicalReplicationConnection replication, string slot, bool temporary, LogicalSlotSnapshotInitMode snapshot,
        Patience patience, CancellationToken ct)
    {
        var pid = replication.ProcessID;
        // Not given our token: Npgsql would send a cancel request too, but break the connection when it is not answered within two seconds,
        // and nobody would know then whether a permanent slot came into being.
        var creating = replication.CreatePgOutputReplicationSlot(slot, temporary, snapshot, cancellationToken: CancellationToken.None);
        await WaitAsync(server, creating, patience, ct);
        if (creating.IsCompleted)
            return await creating;

        var blockers = await CancelAsync(server, pid, creating, patience.Time);
        try
        {
            return await creating;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            ct.ThrowIfCancellationRequested();
            throw Errors.SlotBlocked(server.Side, slot, patience.Limit, blockers, failure);
        }
    }

    static async Task WaitAsync(Server server, Task creating, Patience patience, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var limit = Task.Delay(patience.Limit, patience.Time, enough.Token);
        await Task.WhenAny(creating, limit, Task.Delay(Patience.Silence, patience.Time, enough.Token));
        if (!creating.IsCompleted && !limit.IsCompleted && patience.Tell is { } tell)
        {
            await using var connection = await server.OpenAsync("wait", ct);
            if (await OpenTransaction.ListAsync(connection, ct) is { Count: > 0 } open)
                tell($"a snapshot of the {Errors.Name(server.Side)} waits for {OpenTransaction.Describe(open)}");
        }

        await Task.WhenAny(creating, limit);
        await enough.CancelAsync();
    }

    // The list is read before the cancel: afterwards it could be shorter than what the wait was for.
    static async Task<IReadOnlyList<OpenTransaction>> CancelAsync(Server server, int pid, Task creating, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(_cancelPatience, time);
        await using var connection = await server.OpenAsync("cancel", limit.Token);
        var blockers = await OpenTransaction.ListAsync(connection, limit.Token);
        do
        {
            await connection.ExecuteAsync("SELECT pg_catalog.pg_cancel_backend($1)", limit.Token, pid);
            await Task.WhenAny(creating, Task.Delay(_cancelInterval, time, limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }
        while (!creating.IsCompleted);
        return blockers;
    }
}
