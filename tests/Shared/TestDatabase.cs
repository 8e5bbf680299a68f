using Npgsql;

namespace PgBaton.Tests;

/// <summary>One database of a test, gone with it.</summary>
public sealed class TestDatabase(TestServer server, string name) : IAsyncDisposable
{
    public string Name => name;

    public TestServer Server => server;

    /// <summary>For the product: a URI with the password in it.</summary>
    public string Uri => server.UriOf(name);

    public Task<NpgsqlConnection> OpenAsync() => TestServer.OpenAsync(Uri);

    /// <summary>For an oracle: no function of a scenario stands before PostgreSQL's own, whatever the database's settings say.</summary>
    public Task<NpgsqlConnection> OpenPinnedAsync() => TestServer.OpenAsync(Uri, "-c search_path=pg_catalog");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until the query is true; fails after a minute. The condition is the synchronisation, not the clock.</summary>
    public async Task WaitForAsync(string condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await IsSoonAsync(condition, patience.Token))
            await Task.Delay(20, patience.Token);
    }

    // In one session, unless a cutover ends it.
    async Task<bool> IsSoonAsync(string condition, CancellationToken ct)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(condition, connection);
        try
        {
            while (!(bool)(await command.ExecuteScalarAsync(ct))!)
                await Task.Delay(20, ct);
            return true;
        }
        catch (PostgresException ended) when (ended.SqlState is "57P01")
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await server.DropDatabaseAsync(name);
}
