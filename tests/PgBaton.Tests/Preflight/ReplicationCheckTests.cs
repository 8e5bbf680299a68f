using Npgsql;

namespace PgBaton.Tests.Preflight;

public sealed class ReplicationCheckTests
{
    [Fact]
    public async Task PB1020_to_PB1022_a_server_not_set_up_for_replication_is_refused()
    {
        await using var server = await OwnServer.StartAsync(17, "wal_level = replica\nmax_replication_slots = 1\nmax_wal_senders = 1");
        var report = await Checked.AskAsync(server.UriOf("postgres"));
        Assert.Contains("ALTER SYSTEM SET wal_level", report.MustHave("PB1020", Severity.Blocker).Fix, StringComparison.Ordinal);
        report.MustHave("PB1021", Severity.Blocker);
        report.MustHave("PB1022", Severity.Blocker);
        report.MustHave("PB1023", Severity.Notice); // Cannot be tried, and says so.

        await using var other = await TestServer.Of(17).CreateDatabaseAsync();
        (await Checked.AskAsync(other.Uri, server.UriOf("postgres"))).MustHave("PB1090", Severity.Notice);
    }

    [Fact]
    public async Task PB1023_a_role_without_REPLICATION_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(source, "", $"GRANT CREATE ON DATABASE {source.Name} TO $role");
        Assert.Contains($"ALTER ROLE \"{role.Name}\" REPLICATION", (await Checked.AskAsync(role.Uri)).MustHave("PB1023", Severity.Blocker).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1023_and_PB1025_transactions_that_hold_a_slot_up_are_named()
    {
        await using var server = await OwnServer.StartAsync(17, "max_prepared_transactions = 2"); // They would hold up every other test's slot.
        await server.ExecuteAsync("BEGIN; CREATE TABLE p (id int PRIMARY KEY); PREPARE TRANSACTION 'it''s old'");
        await using var writer = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Pooling=false");
        await writer.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("CREATE TABLE t (id int PRIMARY KEY)", writer))
            await command.ExecuteNonQueryAsync();

        var report = await Checked.AskAsync(server.UriOf("postgres"));
        Assert.Contains($"pid {writer.ProcessID}", report.MustHave("PB1023", Severity.Warning).Detail, StringComparison.Ordinal);
        Assert.Contains("COMMIT PREPARED 'it''s old'", report.MustHave("PB1025", Severity.Warning).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1024_a_role_without_CREATE_on_the_database_cannot_publish()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(source);
        Assert.Contains("GRANT CREATE ON DATABASE", (await Checked.AskAsync(role.Uri)).MustHave("PB1024", Severity.Blocker).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1024_a_table_that_is_being_altered_is_not_waited_for()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var other = await source.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE", other))
            await command.ExecuteNonQueryAsync();
        (await Checked.AskAsync(source)).MustHave("PB1024", Severity.Notice);
    }

    [Fact]
    public async Task PB1027_to_PB1029_settings_that_would_hurt_are_told()
    {
        await using var server = await OwnServer.StartAsync(
            18, "synchronous_standby_names = 'FIRST 1 (a, \"*\")'\nsynchronous_commit = local\nmax_slot_wal_keep_size = '64MB'\nidle_replication_slot_timeout = '300s'");
        var report = await Checked.AskAsync(server.UriOf("postgres"));
        report.MustHave("PB1027", Severity.Blocker);
        report.MustHave("PB1028", Severity.Warning);
        report.MustHave("PB1029", Severity.Warning);
    }

    [Fact]
    public async Task PB1030_what_an_earlier_migration_left_is_named()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var slot = $"pgbaton_{source.Name}";
        await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        await source.ExecuteAsync("CREATE PUBLICATION pgbaton_old");
        var fix = (await Checked.AskAsync(source)).MustHave("PB1030", Severity.Warning).Fix;
        Assert.Contains($"SELECT pg_drop_replication_slot('{slot}');", fix, StringComparison.Ordinal);
        Assert.Contains("DROP PUBLICATION \"pgbaton_old\";", fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a schema of the application", Severity.Blocker)]
    [InlineData("pgbaton journal, format 1", Severity.Blocker)]
    [InlineData("pgbaton gate", Severity.Warning)]
    public async Task PB1030_a_schema_pgbaton_on_the_source_is_told(string comment, Severity severity)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync($"CREATE SCHEMA pgbaton; COMMENT ON SCHEMA pgbaton IS '{comment}'");
        (await Checked.AskAsync(source)).MustHave("PB1030", severity);
    }

    [Fact]
    public async Task PB1031_a_subscription_on_the_source_is_refused_while_it_is_enabled()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false, slot_name = 'none_such')");
        try
        {
            (await Checked.AskAsync(source)).MustHave("PB1031", Severity.Notice);
            await source.ExecuteAsync("ALTER SUBSCRIPTION s ENABLE");
            (await Checked.AskAsync(source)).MustHave("PB1031", Severity.Blocker);
        }
        finally
        {
            await source.ExecuteAsync("ALTER SUBSCRIPTION s DISABLE");
            await source.ExecuteAsync("ALTER SUBSCRIPTION s SET (slot_name = NONE)");
            await source.ExecuteAsync("DROP SUBSCRIPTION s");
        }
    }
}
