using Npgsql;
using PgBaton.Cli.Demo.Servers;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Cli.Demo.Writers;

namespace PgBaton.Tests.Demo;

public sealed class WriterTests
{
    readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task writers_whose_sessions_are_ended_again_and_again_still_write_each_transaction_once()
    {
        await using var server = await StartAsync();
        await using var writers = Crowd.Create(OnSource(server), _size, TimeProvider.System);
        await using var connection = await server.OpenAsync("shop", _ct);
        writers.Start(seed: 1, _ct);
        while (writers.Writers.Any(writer => writer.Ledger.Attempted < 40))
        {
            await ExecuteAsync(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_app'");
            // As fast as the writers get over it: on a slow machine a fixed pace would end each session before it can commit anything.
            var acknowledged = writers.Writers.Sum(writer => writer.Ledger.Acknowledged.Count);
            while (writers.Writers.Sum(writer => writer.Ledger.Acknowledged.Count) < acknowledged + writers.Writers.Count)
            {
                Assert.False(writers.Failure.IsCompleted);
                await Task.Delay(5, _ct);
            }
        }

        await writers.StopAsync();
        Assert.Contains(writers.Writers, writer => writer.Ledger.Refusals.Count > 0);
        Assert.All(writers.Writers, writer => Assert.Equal(writer.Ledger.Attempted, writer.Ledger.Acknowledged.Count));
        Assert.Equal(
            writers.Writers.Sum(writer => writer.Ledger.Attempted),
            await ValueAsync(connection, "SELECT count(*) FROM (SELECT writer, n FROM accounting.audit_log WHERE action = 'transaction') once"));
    }

    [Fact]
    public async Task a_writer_on_a_closed_server_goes_on_where_the_connection_string_points_then()
    {
        await using var closed = await StartAsync();
        await using var open = await StartAsync();
        var endpoint = OnSource(closed);
        await using var writers = Crowd.Create(endpoint, _size, TimeProvider.System);
        await using (var connection = await closed.OpenAsync("postgres", _ct))
            await ExecuteAsync(connection, "ALTER DATABASE shop SET default_transaction_read_only = on");
        writers.Start(seed: 1, _ct);
        while (writers.Writers.Any(writer => writer.Ledger.Refusals.Count == 0))
            await Task.Delay(5, _ct);
        endpoint.SwitchTo(new Address("target", open.SettingsOf("shop", "shop_app", "secret")));
        while (writers.Writers.Any(writer => writer.Ledger.Acknowledged.Count == 0))
            await Task.Delay(5, _ct);
        await writers.StopAsync();

        Assert.All(writers.Writers, writer => Assert.All(writer.Ledger.Acknowledged, ack => Assert.Equal("target", ack.Endpoint)));
        Assert.All(writers.Writers, writer => Assert.All(writer.Ledger.Refusals, refusal => Assert.Equal("25006", refusal.Why)));
    }

    [Fact]
    public async Task an_error_that_no_cutover_explains_ends_the_writers()
    {
        await using var server = await StartAsync();
        await using (var connection = await server.OpenAsync("shop", _ct))
            await ExecuteAsync(connection, "ALTER TABLE accounting.counter ADD CHECK (value < 3)");
        await using var writers = Crowd.Create(OnSource(server), _size, TimeProvider.System);
        writers.Start(seed: 1, _ct);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => writers.Failure);
        Assert.Equal(("PB0053", "23514", "counters"), (failure.Code, failure.SqlState, failure.About));
    }

    readonly ShopSize _size = new(5_000);

    async Task<ThrowawayServer> StartAsync()
    {
        var server = await DemoServers.StartAsync(17);
        await SampleShop.CreateDatabaseAsync(server, "secret", _ct);
        await SampleShop.LoadAsync(server, _size, seed: 1, _ct);
        return server;
    }

    static Endpoint OnSource(ThrowawayServer server) => new(new Address("source", server.SettingsOf("shop", "shop_app", "secret")));

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<long> ValueAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
