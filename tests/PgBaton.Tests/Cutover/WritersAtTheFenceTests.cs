using Npgsql;
using PgBaton.Cutover;
using PgBaton.Postgres;
using PgBaton.Sequences;
using PgBaton.Tests.Gate;

namespace PgBaton.Tests.Cutover;

/// <summary>Every kind of session that might slip through: none changes a row after the marker, and what it asked for is refused or was never acknowledged.</summary>
public sealed class WritersAtTheFenceTests
{
    const string WriterWaits =
        """
        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885823585 AND objid = 1734440037
                          AND mode = 'ShareLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;

    /// <summary>What the session has done before the fence, and what it does inside.</summary>
    public static TheoryData<string, string, string> Kinds => new()
    {
        { "a superuser", "SELECT 1", "INSERT INTO t VALUES (1)" },
        { "the owner of the table", "SET ROLE {role}", "DELETE FROM t" },
        { "a session that plays a replica", "SET session_replication_role = replica", "INSERT INTO t VALUES (1)" },
        { "idle in a transaction", "BEGIN; SELECT FROM t", "UPDATE t SET note = 'late'" },
        { "idle in a serializable transaction", "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT FROM t", "INSERT INTO t VALUES (1)" },
        { "a prepared statement", "PREPARE p AS INSERT INTO t VALUES (1); EXECUTE p; DELETE FROM t WHERE id = 1", "EXECUTE p" },
        { "a function that catches what goes wrong", "SELECT 1", "DO $$ BEGIN INSERT INTO t VALUES (1); EXCEPTION WHEN OTHERS THEN INSERT INTO t VALUES (2); END $$" },
        { "a copy", "SELECT 1", "COPY t FROM PROGRAM 'echo 1'" },
        { "a truncation", "SELECT 1", "TRUNCATE t" },
        { "a two-phase transaction", "BEGIN", "INSERT INTO t VALUES (1); PREPARE TRANSACTION '{role}'" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task does_not_get_through(string kind, string before, string inside)
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t VALUES (7, 'kept')");
        await pair.FollowAsync();
        var role = $"r{pair.Source.Name}";
        await pair.Source.ExecuteAsync($"CREATE ROLE {role}; GRANT CREATE, USAGE ON SCHEMA public TO {role}; ALTER TABLE t OWNER TO {role}");
        try
        {
            await pair.ArmAsync();
            await using var session = await pair.Source.OpenAsync();
            await session.ExecuteAsync(before.Replace("{role}", role, StringComparison.Ordinal), default);
            await SetFence.RunAsync(pair.Migration, default);
            var rows = await RowOracle.OfAsync(pair.Target, "public.t");
            var write = Record.ExceptionAsync(() => session.ExecuteAsync(inside.Replace("{role}", role, StringComparison.Ordinal), default)).AsTask();
            await pair.Source.WaitForAsync(WriterWaits);

            await SetSequences.RunAsync(pair.Migration, default);
            await StartReverse.RunAsync(pair.Migration, default);
            await DecideAndOpen.RunAsync(pair.Migration, default);

            Assert.True(await write.WaitAsync(TimeSpan.FromMinutes(1)) is NpgsqlException, $"{kind} was told that it had written");
            Assert.Equal("target", pair.Event<Decided>().Writer);
            Assert.Equal(rows, await RowOracle.OfAsync(pair.Source, "public.t"));
            Assert.Equal(rows, await RowOracle.OfAsync(pair.Target, "public.t"));
            Assert.Equal(0L, await pair.Source.QueryAsync<long>("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"));
        }
        finally
        {
            await pair.Source.ExecuteAsync($"SET transaction_read_only = off; REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task a_prepared_transaction_is_waited_for_named_and_not_lost()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, note text)");
        await pair.FollowAsync();
        await pair.ArmAsync();
        var gid = pair.Source.Name;
        await pair.Source.ExecuteAsync($"BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION '{gid}'");
        var word = await pair.SayAsync("cutover", new WordArguments { MaxDowntimeSeconds = 0.3, NoReverse = true });
        var waited = await Assert.ThrowsAsync<MigrationException>(() => SetFence.RunAsync(pair.Migration, default));
        Assert.Equal("PB0703", waited.Code);
        Assert.Contains("a prepared transaction", waited.Message, StringComparison.Ordinal);

        await pair.Migration.Journal.EndWordAsync(word, ExitCode.Failed, waited, default);
        await pair.Source.ExecuteAsync($"COMMIT PREPARED '{gid}'");
        await pair.CutOverAsync();
        Assert.Equal(1L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task values_of_a_sequence_that_a_session_has_in_its_cache_are_never_given_out_again()
    {
        await using var pair = await GatePair.CreateAsync("CREATE SEQUENCE s CACHE 50; CREATE TABLE t (id int PRIMARY KEY, note text)");
        await pair.FollowAsync();
        await pair.ArmAsync();
        await using var session = await pair.Source.OpenAsync();
        Assert.Equal(1L, await session.QueryValueAsync<long>("SELECT nextval('s')", default)); // 2 to 50 are in its memory.
        await SetFence.RunAsync(pair.Migration, default);
        var handedOut = await session.QueryValueAsync<long>("SELECT nextval('s')", default); // No trigger sees it, no lock stops it.
        await SetSequences.RunAsync(pair.Migration, default);
        await StartReverse.RunAsync(pair.Migration, default);
        await DecideAndOpen.RunAsync(pair.Migration, default);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => session.QueryValueAsync<long>("SELECT nextval('s')", default));
        Assert.Equal(2, handedOut);
        Assert.Equal(51L, await pair.Target.QueryAsync<long>("SELECT nextval('s')"));
    }

    [Fact]
    public async Task a_session_with_a_large_object_open_is_ended_and_a_new_one_may_not_write_it()
    {
        // Servers before 16 let a read-only transaction write large objects; docs/limitations.md says so.
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, note text)", TestServer.Of(17));
        await pair.FollowAsync();
        var large = await pair.Source.QueryAsync<uint>("SELECT lo_from_bytea(0, 'before')");
        await pair.ArmAsync();
        await using var session = await pair.Source.OpenAsync();
        await session.ExecuteAsync($"BEGIN; SELECT lo_open({large}, x'20000'::int)", default);
        await pair.CutOverAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => session.ExecuteAsync("SELECT lowrite(0, 'after'); COMMIT", default));
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Source, $"SELECT lo_put({large}, 0, 'after')"));
        Assert.Equal("before", await pair.Source.QueryAsync<string>($"SELECT convert_from(lo_get({large}), 'UTF8')"));
        await pair.Source.ExecuteAsync($"SET transaction_read_only = off; SELECT lo_unlink({large})");
    }
}
