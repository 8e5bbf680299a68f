using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Tests.Cutover;

/// <summary>An application behind PgBouncer, whose pool is paused over a cutover.</summary>
public sealed class PoolerTests
{
    const int Clients = 8;

    [Fact]
    public async Task pooled_clients_see_a_pause_and_no_error_there_and_back()
    {
        await using var scene = await Scene.StartAsync();
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => scene.WriteAsync(client, stop.Token))).ToArray();
        foreach (var (word, to) in new[] { ("cutover", scene.Target), ("rollback", scene.Source) })
        {
            await scene.AdvanceAsync(100);
            var outcome = await scene.SayAsync(word, new WordArguments { PgBouncer = scene.Pool.Console, OnSwitch = scene.Pool.PointTo(to) });
            Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
            await scene.AdvanceAsync(100);
            Assert.False(await scene.Pool.IsPausedAsync());
        }

        await stop.CancelAsync();
        var written = await Task.WhenAll(clients); // Fails with the first error of any client.
        Assert.Equal(written.Sum(), await scene.Source.QueryAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(0L, await scene.Source.QueryAsync<long>("SELECT count(*) FROM entry WHERE n >= (SELECT count(*) FROM entry e WHERE e.client = entry.client)"));
    }

    [Fact]
    public async Task after_a_cutover_that_fails_the_pool_goes_on()
    {
        await using var scene = await Scene.StartAsync();
        await using var client = await scene.Pool.ConnectAsync();
        await using var holder = await scene.Source.OpenAsync(); // Not behind the pool; the fence waits for it.
        await holder.ExecuteAsync("BEGIN; INSERT INTO entry VALUES (99, 0)", default);
        var saying = scene.SayAsync("cutover", new WordArguments { PgBouncer = scene.Pool.Console, MaxDowntimeSeconds = 1.5 });
        await scene.Target.WaitForAsync("SELECT EXISTS (SELECT FROM pgbaton.event WHERE event ->> 'message' LIKE 'the gate waits for table%')");
        await holder.ExecuteAsync("COMMIT; BEGIN", default); // Lets the gate be armed, and is the next writer at once.
        await scene.Source.WaitForAsync("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'pgbaton_gate')");
        await holder.ExecuteAsync("INSERT INTO entry VALUES (99, 1)", default);
        var outcome = await saying;
        Assert.Equal(("PB0703", 1), (outcome.Error?.Code, outcome.ExitCode));
        Assert.False(await scene.Pool.IsPausedAsync());
        await client.ExecuteAsync("INSERT INTO entry VALUES (1, 0)", default);
    }

    [Fact]
    public async Task a_pool_that_does_not_come_to_rest_gives_the_cutover_up_and_goes_on()
    {
        await using var scene = await Scene.StartAsync(mode: "session");
        await using var client = await scene.Pool.ConnectAsync();
        await client.ExecuteAsync("INSERT INTO entry VALUES (1, 0)", default); // In session mode its server connection is its own.

        var outcome = await scene.SayAsync("cutover", new WordArguments { PgBouncer = scene.Pool.Console, MaxDowntimeSeconds = 1 });

        Assert.Equal(("PB0719", 1), (outcome.Error?.Code, outcome.ExitCode));
        Assert.False(await scene.Pool.IsPausedAsync());
        await client.ExecuteAsync("INSERT INTO entry VALUES (1, 1)", default);
        Assert.Equal("PB0719", (await scene.SayAsync("cutover", new WordArguments { PgBouncer = "postgresql://admin@127.0.0.1:1/pgbouncer" })).Error?.Code);
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task a_process_that_is_killed_while_the_pool_waits_is_followed_by_one_that_lets_it_go_on()
    {
        await using var scene = await Scene.StartAsync();
        await scene.SayAsync("verify", new WordArguments());
        await scene.DisposeMigrationAsync();
        using (var killed = EngineProcess.StartCommand(scene.Source.Uri, scene.Target.Uri, "cutover", "--yes", "--pgbouncer", scene.Pool.Console))
        {
            Assert.NotNull(await killed.WaitForAsync(line => EngineProcess.Is(line, "notice") && line.GetProperty("message").GetString()!.Contains("is paused", StringComparison.Ordinal)));
            await killed.SignalAsync("STOP"); // It may be anywhere up to its answer; the pool must go on wherever that is.
            await killed.KillAsync();
        }

        await using var client = await scene.Pool.ConnectAsync().WaitAsync(TimeSpan.FromMinutes(1));
        using var next = EngineProcess.Start(scene.Source.Uri, scene.Target.Uri, "--until", "in-sync");
        Assert.Equal(0, (await next.EndAsync()).ExitCode);
        Assert.False(await scene.Pool.IsPausedAsync());
        Assert.Equal(0L, await scene.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.fact WHERE key = 'pooler'"));
    }

    [Fact]
    public async Task a_password_in_the_uri_is_refused()
    {
        await using var migration = Migration.Open(new MigrationOptions { Target = "postgresql://127.0.0.1:1/x" });
        foreach (var uri in (string[])["postgresql://admin:secret@h/pgbouncer", "postgresql://admin@h/pgbouncer?password=secret"])
        {
            var refused = await Assert.ThrowsAsync<MigrationException>(() => migration.SayAsync("cutover", new WordArguments { PgBouncer = uri }));
            Assert.Equal(("PB0720", ExitCode.Usage), (refused.Code, refused.ExitCode));
        }
    }

    sealed class Scene(TestDatabase source, TestDatabase target, PgBouncer pool, Migration migration) : IAsyncDisposable
    {
        int _written;

        public TestDatabase Source => source;

        public TestDatabase Target => target;

        public PgBouncer Pool => pool;

        public int Written => Volatile.Read(ref _written);

        public static async Task<Scene> StartAsync(string mode = "transaction")
        {
            var (source, target) = (await TestServer.Source.CreateDatabaseAsync(), await TestServer.Target.CreateDatabaseAsync());
            await source.ExecuteAsync("CREATE TABLE entry (client int, n int, PRIMARY KEY (client, n))");
            var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
            await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
            return new Scene(source, target, await PgBouncer.StartAsync(source, target, mode), migration);
        }

        public Task<WordOutcome> SayAsync(string word, WordArguments arguments) => migration.SayAsync(word, arguments).WaitAsync(TimeSpan.FromMinutes(2));

        // Like any application with a pool: one connection, kept, and no idea of what is behind it.
        public async Task<long> WriteAsync(int client, CancellationToken stop)
        {
            await using var connection = await pool.ConnectAsync();
            var n = 0;
            for (; !stop.IsCancellationRequested; n++)
            {
                await using var command = new NpgsqlCommand($"INSERT INTO public.entry VALUES ({client}, {n})", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                Interlocked.Increment(ref _written);
                await Task.Delay(5, CancellationToken.None);
            }

            return n;
        }

        public async Task AdvanceAsync(int commits)
        {
            var until = Written + commits;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (Written < until)
                await Task.Delay(5, patience.Token);
        }

        public ValueTask DisposeMigrationAsync() => migration.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await migration.DisposeAsync();
            await pool.DisposeAsync();
            await source.DisposeAsync();
            await target.DisposeAsync();
        }
    }
}
