using Npgsql;
using PgBaton.Cli.Demo.Servers;

namespace PgBaton.Tests.Demo;

public sealed class ThrowawayServerTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task a_server_that_is_let_go_leaves_no_process_and_no_folder(int major)
    {
        await using var server = await DemoServers.StartAsync(major);
        var folder = server.Folder;
        await using var open = await server.OpenAsync("postgres", TestContext.Current.CancellationToken);
        Assert.Equal(major, open.PostgreSqlVersion.Major);
        Assert.NotEmpty(DemoServers.ProcessesOf(folder));

        await server.DisposeAsync();

        Assert.Empty(DemoServers.ProcessesOf(folder));
        Assert.False(Path.Exists(folder));
    }

    [Fact]
    public async Task a_wrong_password_does_not_get_in_and_the_right_one_is_in_no_command_line()
    {
        await using var server = await DemoServers.StartAsync(17);
        await using var wrong = new NpgsqlConnection(server.SettingsOf("postgres", password: "guess"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => wrong.OpenAsync());
        Assert.Equal("28P01", refused.SqlState);

        var password = new Uri(server.UriOf("postgres")).UserInfo.Split(':')[1];
        Assert.Equal(32, password.Length);
        Assert.Empty(DemoServers.ProcessesOf(password));
    }

    [Fact]
    public async Task a_server_that_cannot_start_says_why_and_leaves_nothing()
    {
        using var parent = new PublicFolder();
        var failure = await Assert.ThrowsAsync<MigrationException>(
            () => ThrowawayServer.StartAsync(DemoServers.Home(17), TestContext.Current.CancellationToken, "max_connections = many", parent.Path));
        Assert.Equal("PB0051", failure.Code);
        Assert.Contains("max_connections", failure.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(parent.Path));
    }

    [Fact]
    public async Task a_start_that_is_cancelled_leaves_nothing()
    {
        using var parent = new PublicFolder();
        using var interrupt = new CancellationTokenSource();
        var starting = ThrowawayServer.StartAsync(DemoServers.Home(17), interrupt.Token, parent: parent.Path);
        while (Directory.GetDirectories(parent.Path).Length == 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await interrupt.CancelAsync(); // In the middle of initdb.

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Empty(Directory.GetFileSystemEntries(parent.Path));
        Assert.Empty(DemoServers.ProcessesOf(parent.Path));
    }

    [Fact]
    public async Task the_settings_of_another_server_in_the_environment_change_nothing()
    {
        await using var server = await DemoServers.StartAsync(15);
        await using var connection = await server.OpenAsync("postgres", TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SHOW data_directory", connection);
        Assert.Equal($"{server.Folder}/data", await command.ExecuteScalarAsync());
    }
}
