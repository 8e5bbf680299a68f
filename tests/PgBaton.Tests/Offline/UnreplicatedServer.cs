namespace PgBaton.Tests.Offline;

/// <summary>A server from which no change can be read, and a role that might not read them anyway.</summary>
public sealed class UnreplicatedServer : IAsyncLifetime
{
    public OwnServer Own { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Own = await OwnServer.StartAsync(15, "wal_level = replica\nmax_wal_senders = 0\nmax_replication_slots = 0");
        await Own.ExecuteAsync("CREATE ROLE mover LOGIN");
    }

    public ValueTask DisposeAsync() => Own.DisposeAsync();
}
