using Npgsql;

namespace PgBaton.Tests;

/// <summary>A server of one major version that the build script started: <c>PGBATON_TEST_PG17=postgresql://…</c>.</summary>
public sealed class TestServer
{
    readonly string _uri;

    TestServer(int major, string uri) => (Major, _uri) = (major, uri);

    public int Major { get; }

    /// <summary>A missing server fails the test in CI and skips it elsewhere.</summary>
    public static TestServer Of(int major)
    {
        var uri = Environment.GetEnvironmentVariable($"PGBATON_TEST_PG{major}");
        if (uri is null && Environment.GetEnvironmentVariable("CI") is null)
            Assert.Skip($"PGBATON_TEST_PG{major} names no server of PostgreSQL {major}");
        Assert.True(uri is not null, $"PGBATON_TEST_PG{major} names no server of PostgreSQL {major}");
        return new TestServer(major, uri);
    }

    /// <summary>The older server of the pair under test: 15, or PGBATON_SOURCE_MAJOR.</summary>
    public static TestServer Source => Of(MajorFrom("PGBATON_SOURCE_MAJOR", 15));

    /// <summary>The newer server of the pair under test: 17, or PGBATON_TARGET_MAJOR.</summary>
    public static TestServer Target => Of(MajorFrom("PGBATON_TARGET_MAJOR", 17));

    /// <summary>A server that somebody else started.</summary>
    public static TestServer At(int major, string uri) => new(major, uri);

    public string UriOf(string database) => new UriBuilder(_uri) { Path = $"/{Uri.EscapeDataString(database)}" }.Uri.ToString();

    /// <summary>A fresh, empty database; dropped when disposed.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(string options = "")
    {
        var name = $"test_{Guid.NewGuid():n}"[..20];
        await using var connection = await OpenAsync(_uri);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0 {options}", connection);
        await command.ExecuteNonQueryAsync();
        return new TestDatabase(this, name);
    }

    /// <summary>Drops subscriptions and slots of the database first: they would keep it.</summary>
    internal async Task DropDatabaseAsync(string name)
    {
        await using var connection = await OpenAsync(_uri, "-c default_transaction_read_only=off");
        await DropSubscriptionsAsync(connection, name);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{name}' AND active;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid();
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{name}' AND NOT active;
            """, connection);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await command.ExecuteNonQueryAsync();
                await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name}{Force}", connection);
                await drop.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException failure) when (failure.SqlState is "55006" && attempt < 50)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    // What a test that failed has left.
    async Task DropSubscriptionsAsync(NpgsqlConnection connection, string database)
    {
        await using var find = new NpgsqlCommand(
            $"SELECT coalesce(array_agg(quote_ident(subname)), '{{}}') FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = '{database}')", connection);
        if (await find.ExecuteScalarAsync() is not string[] { Length: > 0 } subscriptions)
            return;
        await using var inside = await OpenAsync(UriOf(database), "-c default_transaction_read_only=off");
        foreach (var subscription in subscriptions)
        {
            await using var drop = new NpgsqlCommand($"ALTER SUBSCRIPTION {subscription} DISABLE; ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE); DROP SUBSCRIPTION {subscription}", inside);
            await drop.ExecuteNonQueryAsync();
        }
    }

    string Force => Major >= 13 ? " WITH (FORCE)" : "";

    internal static async Task<NpgsqlConnection> OpenAsync(string uri, string? options = null)
    {
        var parsed = new Uri(uri);
        var user = parsed.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = parsed.Host, Port = parsed.Port, Database = Uri.UnescapeDataString(parsed.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Pooling = false, IncludeErrorDetail = true, CommandTimeout = 120, Options = options, SslMode = SslMode.Disable,
        };
#pragma warning disable CS0618 // A data source, which could say it otherwise, would have to live as long as its only connection.
        settings.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading; // It takes longer than most tests' queries.
#pragma warning restore CS0618
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    static int MajorFrom(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), out var major) ? major : otherwise;
}
