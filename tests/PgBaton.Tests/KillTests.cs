using Npgsql;

namespace PgBaton.Tests;

/// <summary>kill -9 at the start of every step, and in the middle of copy and relay; then the same command again.</summary>
[Trait("Category", "Migration")]
public sealed class KillTests : IAsyncLifetime
{
    TestDatabase _source = null!, _target = null!;

    public static TheoryData<string> Moments => [.. Migration.Steps.Select(step => $"step_started {step.Name}"), "table_copied", "index_built", "lag", "fence_set", "marker_applied", "sequences_set", "reverse_started", "decided", "target_opened"];

    public async ValueTask InitializeAsync()
    {
        _source = await TestServer.Source.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        await _source.ExecuteAsync(CountingWriter.Schema + """
            CREATE TABLE big (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
            INSERT INTO big (v) SELECT md5(i::text) FROM generate_series(1, 50000) i;
            CREATE INDEX ON big (v);
            CREATE TABLE child (id serial PRIMARY KEY, big bigint REFERENCES big);
            INSERT INTO child (big) SELECT id FROM big LIMIT 1000;
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task killed_at(string moment)
    {
        await using var writer = new CountingWriter(_source, _target).Start();
        await writer.AdvanceAsync(5);
        var killed = false;
        for (var run = 0; run < 4; run++)
        {
            using var engine = EngineProcess.Start(_source, _target);
            var reached = await RunUntilAsync(engine, killed ? null : moment);
            if (!reached)
            {
                var (exitCode, errors) = await engine.EndAsync();
                Assert.True(exitCode == 0, errors);
                break;
            }

            await engine.KillAsync();
            killed = true;
            if (moment != "decided") // The source is closed for good then, and the target opens with the next run.
                await writer.AdvanceAsync(5);
        }

        Assert.True(killed, $"no {moment} in the whole run");
        await writer.AdvanceAsync(5);
        await writer.StopAsync();
        await AssertNothingLostAsync(writer.Acknowledged);
    }

    // The operator: cutover as soon as it is in sync, finish as soon as the target is open. True: the moment came.
    async Task<bool> RunUntilAsync(EngineProcess engine, string? moment)
    {
        var found = await engine.WaitForAsync(element =>
        {
            var name = element.GetProperty("event").GetString();
            if (name is "in_sync")
                SayAsync("cutover").GetAwaiter().GetResult();
            if (name is "target_opened")
                SayAsync("finish").GetAwaiter().GetResult();
            return moment is not null && (moment == name || (moment.StartsWith("step_started ", StringComparison.Ordinal)
                && EngineProcess.IsStepStarted(element, moment["step_started ".Length..])));
        });
        return found is not null;
    }

    async Task SayAsync(string word)
    {
        try
        {
            await _target.ExecuteAsync($$"""
                INSERT INTO pgbaton.word (word, arguments)
                SELECT '{{word}}', '{"max_downtime_seconds": 60}' WHERE NOT EXISTS (SELECT FROM pgbaton.word WHERE word = '{{word}}')
                """);
        }
        catch (PostgresException gone) when (gone.SqlState is "42P01" or "3F000")
        {
        }
    }

    async Task AssertNothingLostAsync(int acknowledged)
    {
        Assert.Equal(acknowledged, await _target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(acknowledged, await _target.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(await RowOracle.OfAsync(_source, "public.big"), await RowOracle.OfAsync(_target, "public.big"));
        Assert.Equal(await RowOracle.OfAsync(_source, "public.child"), await RowOracle.OfAsync(_target, "public.child"));
        foreach (var database in new[] { _source, _target })
        {
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgbaton%'"));
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
            Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM pg_publication"));
        }

        await _target.ExecuteAsync("INSERT INTO big (v) VALUES ('after'); INSERT INTO child (big) SELECT max(id) FROM big");
    }
}
