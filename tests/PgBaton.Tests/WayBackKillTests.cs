using System.Text.Json;
using Npgsql;

namespace PgBaton.Tests;

/// <summary>Forward, back, forward, finish; kill -9 at one moment of the way; then the same command again.</summary>
[Trait("Category", "Migration")]
[Trait("Length", "Long")]
public sealed class WayBackKillTests : IAsyncLifetime
{
    static readonly string[] _script = ["cutover", "rollback", "cutover", "finish"];

    TestDatabase _source = null!, _target = null!;

    static readonly (int CarriedOut, string Moment)[] _all =
    [
        (1, "step_started return"), (1, "in_sync"), (1, "lag"), (1, "step_started fence"), (1, "fence_set"), (1, "marker_applied"),
        (1, "step_started sequences"), (1, "step_started reverse"), (1, "reverse_started"), (1, "step_started open"), (1, "decided"),
        (1, "source_opened"), (2, "step_started follow"), (2, "in_sync"), (2, "step_started fence"), (2, "reverse_started"),
        (2, "decided"), (2, "target_opened"), (3, "step_started return"), (3, "step_started clean"),
    ];

    /// <summary>How many words of the script had been carried out, and what the engine reports then. All of them with PGBATON_LONG=1.</summary>
    public static TheoryData<int, string> Moments
    {
        get
        {
            var every = Environment.GetEnvironmentVariable("PGBATON_LONG") is "1" ? 1 : 5;
            var moments = new TheoryData<int, string>();
            foreach (var (carriedOut, moment) in _all.Where((_, i) => i % every == 0))
                moments.Add(carriedOut, moment);
            return moments;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _source = await TestServer.Source.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        await _source.ExecuteAsync(CountingWriter.Schema + """
            CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int REFERENCES entry);
            CREATE FUNCTION ledge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ledger (n) VALUES (new.n); RETURN new; END $$;
            CREATE TRIGGER ledge AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION ledge();
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task killed_on_the_way(int carriedOut, string moment)
    {
        await using var writer = new CountingWriter(_source, _target).Start();
        await writer.AdvanceAsync(5);
        var killed = false;
        for (var run = 0; run < 3; run++)
        {
            using var engine = EngineProcess.Start(Patient(_source), Patient(_target));
            if (await engine.WaitForAsync(element => OperateAsync(element, killed ? null : (carriedOut, moment)).GetAwaiter().GetResult()) is null)
            {
                var (exitCode, errors) = await engine.EndAsync();
                Assert.True(exitCode == 0, errors);
                break;
            }

            await engine.KillAsync();
            killed = true;
            if (moment is not ("decided" or "step_started clean")) // Nobody is the writer before the next run; or nobody reads the stream again.
                await writer.AdvanceAsync(5);
        }

        Assert.True(killed, $"no {moment} after {carriedOut} words");
        await writer.AdvanceAsync(5);
        await writer.StopAsync();
        await AssertNothingLostAsync(writer.Acknowledged);
    }

    // The operator: says the next word of the script whenever the engine is in sync. True: the moment came.
    async Task<bool> OperateAsync(JsonElement element, (int CarriedOut, string Name)? moment)
    {
        var name = element.GetProperty("event").GetString();
        var full = name == "step_started" ? $"step_started {element.GetProperty("step").GetString()}" : name;
        var carriedOut = await CarriedOutAsync();
        if (moment is { } wanted && wanted.Name == full && wanted.CarriedOut == carriedOut)
            return true;
        if (name is "in_sync")
            await OnJournalAsync(
                $$"""
                INSERT INTO pgbaton.word (word, arguments)
                SELECT '{{_script[carriedOut]}}', '{"max_downtime_seconds": 60}' WHERE NOT EXISTS (SELECT FROM pgbaton.word WHERE ended_at IS NULL)
                """);
        return false;
    }

    // Of a machine that is busy with other tests.
    static string Patient(TestDatabase database) => $"{database.Uri}?connect_timeout=60";

    Task<int> CarriedOutAsync()
        => OnJournalAsync("SELECT count(*) FROM pgbaton.word WHERE (outcome->>'exit_code')::int = 0");

    // A database that was rolled back from is read-only by default, and after the end there is no journal.
    async Task<int> OnJournalAsync(string sql)
    {
        await using var connection = await TestServer.OpenAsync(_target.Uri, "-c default_transaction_read_only=off");
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToInt32(await command.ExecuteScalarAsync() ?? 0, provider: null);
        }
        catch (PostgresException gone) when (gone.SqlState is "42P01" or "3F000")
        {
            return -1;
        }
        catch (PostgresException ended) when (ended.SqlState is PostgresErrorCodes.AdminShutdown)
        {
            return await OnJournalAsync(sql); // A rollback ends the sessions of others on the target; what was not committed was not said.
        }
    }

    async Task AssertNothingLostAsync(int acknowledged)
    {
        Assert.Equal(acknowledged, await _target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(acknowledged, await _target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(acknowledged, await _target.QueryAsync<long>("SELECT count(DISTINCT n) FROM ledger"));
        Assert.Equal(acknowledged, await _target.QueryAsync<long>("SELECT count(*) FROM ledger"));
        foreach (var database in new[] { _source, _target })
        {
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgbaton%'"));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
            Assert.Equal(0L, await database.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
        }
    }
}
