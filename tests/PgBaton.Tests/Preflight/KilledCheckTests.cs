using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Preflight;

/// <summary>The probes of a check, killed in the middle: all of them are temporary, or in a transaction.</summary>
public sealed class KilledCheckTests
{
    const string Left =
        """
        SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgbaton%')
           AND NOT EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database())
           AND NOT EXISTS (SELECT FROM pg_publication)
           AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname LIKE 'pgbaton%')
        """;

    // Holds a command up where the test can see it.
    static string HoldUp(string command) =>
        $"""
        CREATE FUNCTION hold_up() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); END';
        CREATE EVENT TRIGGER hold_up ON ddl_command_end WHEN TAG IN ('{command}') EXECUTE FUNCTION hold_up()
        """;

    const string IsHeldUp = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgbaton%' AND wait_event = 'PgSleep')";

    [Fact]
    public async Task in_the_middle_of_a_publication_it_leaves_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync($"CREATE TABLE t (id int PRIMARY KEY); {HoldUp("CREATE PUBLICATION")}");
        await KillAsync(source, target: null, at: source, IsHeldUp);
        await source.WaitForAsync(Left);
    }

    [Fact]
    public async Task in_the_middle_of_a_schema_on_the_target_it_leaves_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync(HoldUp("CREATE SCHEMA"));
        await KillAsync(source, target, at: target, IsHeldUp);
        await target.WaitForAsync(Left);
        await source.WaitForAsync(Left);
    }

    [Fact]
    public async Task in_the_middle_of_a_slot_it_leaves_nothing()
    {
        await using var server = await OwnServer.StartAsync(17); // A transaction that stays open would hold up every slot of a shared one.
        await using var source = await server.CreateDatabaseAsync();
        await using var writer = await source.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("CREATE TABLE t (id int PRIMARY KEY)", writer))
            await command.ExecuteNonQueryAsync();
        await KillAsync(source, target: null, at: source, "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name LIKE 'pgbaton\\_check\\_%')");
        await transaction.RollbackAsync();
        await source.WaitForAsync(Left);
    }

    static async Task KillAsync(TestDatabase source, TestDatabase? target, TestDatabase at, string moment)
    {
        string[] words = target is null ? ["check", "--source", source.Uri] : ["check", "--source", source.Uri, "--target", target.Uri];
        await using var check = CommandProcess.Start([], words);
        await at.WaitForAsync(moment);
        await check.SignalAsync("KILL");
        Assert.Equal(128 + 9, await check.EndAsync());
    }
}
