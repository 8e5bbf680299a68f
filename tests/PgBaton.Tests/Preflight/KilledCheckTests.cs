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

        // Its session waits for the writer, and does not notice. The next check knows it by its age.
        await source.WaitForAsync("SELECT EXISTS (SELECT FROM pg_stat_activity a JOIN pg_replication_slots s ON s.active_pid = a.pid WHERE a.query_start < now() - interval '5 seconds')");
        var killed = await source.QueryAsync<string>("SELECT slot_name::text FROM pg_replication_slots");
        Assert.Contains(killed, Assert.Single((await Checked.AskAsync(source)).Findings, finding => finding.Code == "PB1037").Message, StringComparison.Ordinal);
        await source.WaitForAsync($"SELECT NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '{killed}')");
        await transaction.RollbackAsync();
        await source.WaitForAsync(Left);
    }

    [Fact]
    public async Task PB1037_what_was_committed_by_something_between_is_removed_by_the_next_check()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE PUBLICATION pgbaton_check_1");
        await target.ExecuteAsync("CREATE SCHEMA pgbaton_check_2; CREATE SCHEMA pgbaton_check_3; CREATE TABLE pgbaton_check_3.of_somebody (id int)");
        var findings = (await Checked.AskAsync(source, target)).Findings;
        Assert.Equal(
            ["removed from the source, left by a check that was killed: publication pgbaton_check_1", "removed from the target, left by a check that was killed: schema pgbaton_check_2"],
            findings.Where(finding => finding.Code == "PB1037").Select(finding => finding.Message));
        await source.WaitForAsync(Left);
        Assert.True(await target.QueryAsync<bool>("SELECT to_regclass('pgbaton_check_3.of_somebody') IS NOT NULL")); // Not ours.
        Assert.Equal("no earlier check has left anything behind", Assert.Single((await Checked.AskAsync(source, target)).Findings, finding => finding.Code == "PB1037").Message);
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
