using Npgsql;
using Npgsql.Replication;
using PgBaton.Postgres;

namespace PgBaton.Tests.Postgres;

public sealed class SlotCreationTests
{
    const string Slot = "pgbaton_slot_creation";

    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public async Task an_open_transaction_ends_the_wait_with_its_pid_and_leaves_no_slot(int major)
    {
        await using var database = await TestServer.Of(major).CreateDatabaseAsync();
        await using var writer = await database.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT 'secret value', pg_current_xact_id()", writer).ExecuteNonQueryAsync();

        var failure = await Assert.ThrowsAsync<MigrationException>(() => CreateAsync(database, TimeSpan.FromSeconds(0.5), CancellationToken.None));

        Assert.Equal("PB0401", failure.Code);
        Assert.Contains($"pid {writer.ProcessID} ", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Detail, StringComparison.Ordinal);
        await Assert_no_slot(database);
        await writing.CommitAsync();
        await CreateAsync(database, TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    [Fact]
    public async Task a_cancelled_wait_leaves_no_slot()
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        await using var writer = await database.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT pg_current_xact_id()", writer).ExecuteNonQueryAsync();
        using var cancelled = new CancellationTokenSource();

        var creating = CreateAsync(database, TimeSpan.FromMinutes(1), cancelled.Token);
        await database.WaitForAsync($"SELECT EXISTS (SELECT FROM pg_replication_slots WHERE database = '{database.Name}')");
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
        await Assert_no_slot(database);
    }

    [Fact]
    public async Task a_wait_that_lasts_says_for_whom()
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        await using var writer = await database.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT pg_current_xact_id()", writer).ExecuteNonQueryAsync();
        var told = new TaskCompletionSource<string>();

        var creating = CreateAsync(database, TimeSpan.FromMinutes(1), CancellationToken.None, told.SetResult);
        Assert.Contains($"pid {writer.ProcessID} ", await told.Task.WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        await writing.CommitAsync();
        await creating;
    }

    [Fact]
    public async Task open_transactions_are_described_without_their_query()
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        await using var writer = await database.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("SET application_name = 'nightly report'; SELECT 'secret', pg_current_xact_id()", writer).ExecuteNonQueryAsync();
        await using var watcher = await database.OpenAsync();

        var open = (await OpenTransaction.ListAsync(watcher, CancellationToken.None)).Single(t => t.Pid == writer.ProcessID);

        Assert.Matches($"^pid {writer.ProcessID} of postgres in database {database.Name} \\(nightly report\\), open for [0-9]+ s$", open.ToString());
    }

    // Permanent, so that a slot that was left behind shows.
    static async Task CreateAsync(TestDatabase database, TimeSpan patience, CancellationToken ct, Action<string>? tell = null)
    {
        var server = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, database.Uri), CancellationToken.None);
        await using var replication = await server.OpenReplicationAsync("slot", CancellationToken.None);
        await SlotCreation.CreateAsync(
            server, replication, $"{Slot}_{database.Name}", temporary: false, LogicalSlotSnapshotInitMode.NoExport,
            new Patience(patience, TimeProvider.System, tell), ct);
    }

    static async Task Assert_no_slot(TestDatabase database)
        => Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM pg_replication_slots WHERE database = '{database.Name}'"));
}
