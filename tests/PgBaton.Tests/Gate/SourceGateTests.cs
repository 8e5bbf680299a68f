using System.Diagnostics;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Tests.Gate;

public sealed class SourceGateTests
{
    internal const string EveryKindOfTable =
        """
        CREATE TABLE plain (id int PRIMARY KEY, note text);
        CREATE TABLE ref (id int PRIMARY KEY, note text, plain int REFERENCES plain ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TABLE root (id int, note text) PARTITION BY RANGE (id);
        CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (100);
        CREATE TABLE parent (id int, note text);
        CREATE TABLE child () INHERITS (parent);
        CREATE UNLOGGED TABLE unlogged (id int, note text);
        CREATE TABLE "odd ""$do$ name" (id int, note text);
        CREATE VIEW seen AS SELECT * FROM plain;
        INSERT INTO plain VALUES (1, 'a'), (2, 'b');
        INSERT INTO ref VALUES (1, 'a', 1);
        """;

    /// <summary>Every way to write a row that a client has.</summary>
    static readonly string[] _writes =
    [
        "INSERT INTO plain VALUES (9, 'x')",
        "INSERT INTO plain VALUES (1, 'x') ON CONFLICT DO NOTHING",
        "INSERT INTO plain SELECT 9, 'x' WHERE false",
        "UPDATE plain SET note = 'x'",
        "UPDATE plain SET note = 'x' WHERE false",
        "DELETE FROM plain WHERE id = 2",
        "TRUNCATE plain CASCADE",
        "MERGE INTO plain USING (VALUES (9, 'x')) AS v (id, note) ON plain.id = v.id WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.note)",
        "WITH w AS (DELETE FROM plain WHERE id = 2 RETURNING *) SELECT * FROM w",
        "UPDATE seen SET note = 'x' WHERE id = 2",
        "COPY plain FROM PROGRAM 'true'",
        "INSERT INTO root VALUES (5, 'x')",
        "INSERT INTO leaf VALUES (5, 'x')",
        "TRUNCATE leaf",
        "INSERT INTO parent VALUES (5, 'x')",
        "INSERT INTO child VALUES (5, 'x')",
        "INSERT INTO unlogged VALUES (5, 'x')",
        "INSERT INTO \"odd \"\"$do$ name\" VALUES (5, 'x')",
        "SET session_replication_role = replica; INSERT INTO plain VALUES (9, 'x')",
        "DO $$ BEGIN EXECUTE 'INSERT INTO plain VALUES (9, ''x'')'; END $$",
        "SET pgbaton.token = 'guess'; INSERT INTO plain VALUES (9, 'x')",
    ];

    [Fact]
    public async Task arming_that_waits_for_a_lock_says_for_whom()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await using var holder = await pair.Source.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("LOCK TABLE plain IN ROW EXCLUSIVE MODE", default);
        var told = new TaskCompletionSource<string>();
        pair.Migration.Happened += happened =>
        {
            if (happened is Notice notice)
                told.TrySetResult(notice.Message);
        };

        var arming = SourceGate.ArmAsync(pair.Migration, default);
        var sentence = await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.StartsWith($"the gate waits for table \"public\".\"plain\", locked by session {holder.ProcessID}", sentence, StringComparison.Ordinal);
        await transaction.RollbackAsync();
        await arming;
    }

    [Fact]
    public async Task an_armed_gate_lets_every_kind_of_write_through_and_a_closed_one_refuses_it()
    {
        await using var pair = await GatePair.CreateAsync(EveryKindOfTable);
        await pair.ArmAsync();
        foreach (var write in _writes)
        {
            await using var connection = await pair.Source.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            Assert.Equal((write, null), (write, await GatePair.FailureAsync(connection, write)));
        }

        await CloseAsync(pair);
        foreach (var write in _writes)
            Assert.Equal((write, "25006"), (write, await GatePair.FailureAsync(pair.Source, write)));
    }

    [Fact]
    public async Task rows_that_a_foreign_key_would_delete_are_behind_the_gate_of_their_own_table()
    {
        await using var pair = await GatePair.CreateAsync(EveryKindOfTable, shape: options => options with { Tables = ["ref"] });
        await pair.ArmAsync();
        await CloseAsync(pair);
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "DELETE FROM plain WHERE id = 1"));
        Assert.Equal(1L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM ref"));
        Assert.Null(await GatePair.FailureAsync(pair.Source, "UPDATE plain SET note = 'out of scope' WHERE id = 2"));
    }

    [Fact]
    public async Task a_role_with_no_rights_but_on_its_table_writes_through_an_armed_gate_and_cannot_open_a_closed_one()
    {
        var role = $"app_{Guid.NewGuid():n}"[..16];
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.Source.ExecuteAsync($"CREATE ROLE {role}; GRANT SELECT, INSERT ON plain TO {role}");
        try
        {
            await pair.ArmAsync();
            Assert.Null(await GatePair.FailureAsync(pair.Source, "INSERT INTO plain VALUES (1)", $"SET ROLE {role}"));
            Assert.Equal("42501", await GatePair.FailureAsync(pair.Source, "UPDATE pgbaton.gate SET is_closed = false", $"SET ROLE {role}"));
            await CloseAsync(pair);
            Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "INSERT INTO plain VALUES (2)", $"SET ROLE {role}"));
        }
        finally
        {
            await pair.Source.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task the_owner_may_neither_pass_nor_be_a_stranger_to_the_rule()
    {
        var owner = $"own_{Guid.NewGuid():n}"[..16];
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.Source.ExecuteAsync($"CREATE ROLE {owner}; ALTER TABLE plain OWNER TO {owner}");
        try
        {
            await pair.ArmAsync();
            await CloseAsync(pair);
            Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, "INSERT INTO plain VALUES (2)", $"SET ROLE {owner}"));
        }
        finally
        {
            await pair.Source.ExecuteAsync($"DROP OWNED BY {owner}; DROP ROLE {owner}");
        }
    }

    [Fact]
    public async Task our_own_sessions_pass_a_closed_gate()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.ArmAsync();
        await CloseAsync(pair);
        await using var ours = await pair.Migration.Source.OpenAsync("relay", CancellationToken.None);
        Assert.Null(await GatePair.FailureAsync(ours, "INSERT INTO public.plain VALUES (1)"));
    }

    [Fact]
    public async Task arming_twice_changes_nothing_and_reaches_tables_made_or_disabled_since()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY); CREATE TABLE other (id int)");
        await pair.ArmAsync();
        await pair.Source.ExecuteAsync("CREATE TABLE late (id int); ALTER TABLE plain DISABLE TRIGGER ALL; ALTER TABLE other DISABLE TRIGGER ALL; ALTER TABLE other ENABLE TRIGGER ALL");
        await pair.ArmAsync();
        await CloseAsync(pair);
        foreach (var table in new[] { "plain", "other", "late" })
            Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, $"SET session_replication_role = replica; INSERT INTO {table} VALUES (1)"));
    }

    [Fact]
    public async Task dropping_the_gate_leaves_the_schema_as_it_was()
    {
        await using var pair = await GatePair.CreateAsync(EveryKindOfTable);
        var before = await DumpAsync(pair.Source);
        await pair.ArmAsync();
        Assert.NotEqual(before, await DumpAsync(pair.Source));
        await SourceGate.DropAsync(pair.Migration, CancellationToken.None);
        Assert.Equal(before, await DumpAsync(pair.Source));
        await SourceGate.DropAsync(pair.Migration, CancellationToken.None);
    }

    [Theory]
    [InlineData("CREATE SCHEMA pgbaton")]
    [InlineData("CREATE SCHEMA pgbaton; COMMENT ON SCHEMA pgbaton IS 'pgbaton journal, format 1'")]
    public async Task a_schema_of_that_name_that_is_not_ours_is_refused_and_left_alone(string schema)
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.Source.ExecuteAsync(schema);
        var before = await DumpAsync(pair.Source);
        var refused = await Assert.ThrowsAsync<MigrationException>(pair.ArmAsync);
        Assert.Equal("PB0706", refused.Code);
        await SourceGate.DropAsync(pair.Migration, CancellationToken.None);
        Assert.Equal(before, await DumpAsync(pair.Source));
    }

    [Fact]
    public async Task the_decision_is_read_from_the_source_alone()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        Assert.False(await Decision.IsMadeAsync(pair.Migration, CancellationToken.None));
        await pair.ArmAsync();
        Assert.False(await Decision.IsMadeAsync(pair.Migration, CancellationToken.None));
        await CloseAsync(pair);
        Assert.True(await Decision.IsMadeAsync(pair.Migration, CancellationToken.None));
    }

    [Fact]
    public async Task asking_for_the_decision_waits_for_one_that_is_being_committed()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.ArmAsync();
        await using var deciding = await pair.Source.OpenAsync();
        await using var transaction = await deciding.BeginTransactionAsync();
        await deciding.ExecuteAsync("UPDATE pgbaton.gate SET is_closed = true", CancellationToken.None);
        var asked = Decision.IsMadeAsync(pair.Migration, CancellationToken.None);
        await pair.Source.WaitForAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pgbaton/decision' AND datname = current_database() AND wait_event_type = 'Lock')");
        await transaction.CommitAsync();
        Assert.True(await asked);
    }

    /// <summary>What the decision does to the gate.</summary>
    internal static Task CloseAsync(GatePair pair)
        => pair.Source.ExecuteAsync($"UPDATE pgbaton.gate SET is_closed = true; {GateSql.GateClosed}");

    internal static async Task<string> DumpAsync(TestDatabase database)
    {
        var uri = new Uri(database.Uri);
        var user = uri.UserInfo.Split(':');
        var start = new ProcessStartInfo("pg_dump", ["--schema-only"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["PGHOST"] = uri.Host, ["PGPORT"] = $"{uri.Port}", ["PGDATABASE"] = database.Name, ["PGUSER"] = user[0], ["PGPASSWORD"] = user[1],
            },
        };
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return string.Join('\n', text.Split('\n').Where(line => !line.Contains("restrict ", StringComparison.Ordinal))); // A random key.
    }
}
