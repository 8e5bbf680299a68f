using Npgsql;

namespace PgBaton.Faults;

/// <summary>Somebody changes what our role may do, or what its sessions begin with.</summary>
public sealed class RoleTests
{
    [Fact]
    public async Task settings_of_the_role_do_not_touch_our_sessions()
    {
        await using var scene = await Scene.StartAsync("settings of the role", "REPLICATION");
        // Two are not known to every version, and the first connection only asks for that; and two checks come as the application does, with its
        // statement_timeout. Those have to be quicker than they are.
        foreach (var server in new[] { scene.SourceServer, scene.TargetServer })
        {
            foreach (var setting in (string[])
                     [
                         "statement_timeout = '2s'", "lock_timeout = '5ms'", "idle_in_transaction_session_timeout = '20ms'", "idle_session_timeout = '3s'",
                         "default_transaction_isolation = 'serializable'", "search_path = 'nowhere'",
                         .. server.Major >= 17 ? (string[])["transaction_timeout = '3s'"] : [],
                     ])
                await server.ExecuteAsync($"ALTER ROLE {scene.Role} SET {setting}");
        }

        Assert.Equal(1, await scene.RunUntilOverAsync(new Operator(scene)));
        await scene.ProveHandedOverAsync("settings of the role", "time-outs of some milliseconds or seconds, serializable");
    }

    [Theory]
    [InlineData("source", "copy"), InlineData("source", "follow"), InlineData("target", "copy"), InlineData("target", "follow")]
    public async Task a_connection_limit_of_the_role_is_waited_out(string side, string step)
    {
        await using var scene = await Scene.StartAsync($"role's limit {side} {step}", "REPLICATION");
        var server = side == "source" ? scene.SourceServer : scene.TargetServer;
        await WaitOutAsync(
            scene, step, () => server.ExecuteAsync($"ALTER ROLE {scene.Role} CONNECTION LIMIT 1"),
            () => server.ExecuteAsync($"ALTER ROLE {scene.Role} CONNECTION LIMIT -1"),
            $"connection limit of the role on the {side}");
    }

    [Fact]
    public async Task a_connection_limit_of_the_database_is_waited_out()
    {
        await using var scene = await Scene.StartAsync("database's limit", "REPLICATION");
        await WaitOutAsync(
            scene, "follow", () => scene.TargetServer.ExecuteAsync($"ALTER DATABASE {scene.Target.Name} CONNECTION LIMIT 1"),
            () => scene.TargetServer.ExecuteAsync($"ALTER DATABASE {scene.Target.Name} CONNECTION LIMIT -1"),
            "connection limit of the database on the target");
    }

    // The application has its sessions already; whatever is left is taken by others, from a step on that needs new ones.
    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task a_server_without_a_free_connection_is_waited_out(string side)
    {
        await using var scene = await Scene.StartAsync($"no connection {side}", "REPLICATION");
        var server = side == "source" ? scene.SourceServer : scene.TargetServer;
        var taken = new List<NpgsqlConnection>();
        using var enough = new CancellationTokenSource();
        var taking = Task.CompletedTask;
        await WaitOutAsync(scene, "copy", BeginAsync, GiveBackAsync, $"no connection left on the {side}");

        async Task BeginAsync()
        {
            await server.ExecuteAsync($"CREATE ROLE {scene.Role}_crowd LOGIN");
            taking = TakeAllAsync();
        }

        // Also those that our sessions give back and want again. Those that are kept for superusers stay free for the application.
        async Task TakeAllAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username={scene.Role}_crowd;Database=postgres;Pooling=false");
                try
                {
                    await connection.OpenAsync();
                    taken.Add(connection);
                }
                catch (PostgresException full) when (full.SqlState == "53300")
                {
                    await Task.Delay(10);
                }
            }
        }

        async Task GiveBackAsync()
        {
            await enough.CancelAsync();
            await taking;
            foreach (var connection in taken)
                await connection.DisposeAsync();
            await server.ExecuteAsync($"DROP ROLE {scene.Role}_crowd");
        }
    }

    // Given back, the same command goes on where it was.
    [Theory]
    [InlineData("source", "NOREPLICATION", "REPLICATION", "PB0106")]
    [InlineData("source", "NOLOGIN", "LOGIN", "PB0106")]
    [InlineData("target", "NOLOGIN", "LOGIN", "PB0106")]
    public async Task a_role_that_may_no_longer_is_told_so(string side, string less, string again, string code)
    {
        await using var scene = await Scene.StartAsync($"role {side} {less}", "REPLICATION");
        var server = side == "source" ? scene.SourceServer : scene.TargetServer;
        await StopAndGoOnAsync(
            scene, server, $"ALTER ROLE {scene.Role} {less}", () => server.ExecuteAsync($"ALTER ROLE {scene.Role} {again}"), code,
            $"role has become {less} on the {side}");
    }

    [Fact]
    public async Task a_right_on_a_table_of_the_target_that_is_taken_away_is_told_with_the_table()
    {
        await using var scene = await Scene.StartAsync("right on a table", "REPLICATION");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        await scene.Target.ExecuteAsync($"REVOKE INSERT ON entry FROM {scene.Role}");
        var (exitCode, errors) = await attending.FinishAsync(engine);
        Assert.True(exitCode == 5, $"{exitCode}: {errors}");
        Assert.Matches("PB0507.*\"entry\"", errors);
        await scene.Target.ExecuteAsync($"GRANT INSERT ON entry TO {scene.Role}");
        await scene.RunUntilOverAsync(new Operator(scene));
        await scene.ProveHandedOverAsync("role may no longer insert on the target", "follow: stop PB0507, then on");
    }

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task a_password_that_was_changed_is_asked_for(string side)
    {
        await using var scene = await Scene.StartAsync($"password {side}", "REPLICATION PASSWORD 'former'");
        scene.Password = "former";
        var server = side == "source" ? scene.SourceServer : scene.TargetServer;
        await server.PrependHbaAsync($"host all {scene.Role} 127.0.0.1/32 scram-sha-256");
        await StopAndGoOnAsync(
            scene, server, $"ALTER ROLE {scene.Role} PASSWORD 'rotated'",
            () =>
            {
                scene.Password = "rotated";
                // The other server has no such line and asks for none.
                return Task.CompletedTask;
            },
            "PB0104", $"password changed on the {side}");
    }

    static async Task WaitOutAsync(Scene scene, string step, Func<Task> begin, Func<Task> end, string what)
    {
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        await begin();
        var noticed = await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "retry"));
        await end();
        if (!noticed)
            Assert.Fail((await engine.EndAsync()).Errors);
        attending.StaysInSync = false;
        await NetworkTests.EndAsync(scene, attending, engine, what, $"{step}: begun");
    }

    static async Task StopAndGoOnAsync(Scene scene, OwnServer server, string sql, Func<Task> mend, string code, string what)
    {
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        await server.ExecuteAsync(sql);
        // As a restart would.
        await server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{scene.Role}'");
        var before = attending.Heard.Count(line => line.Contains("\"retry\"", StringComparison.Ordinal));
        var (exitCode, errors) = await attending.FinishAsync(engine);
        var retries = attending.Heard.Count(line => line.Contains("\"retry\"", StringComparison.Ordinal)) - before;
        Assert.True(exitCode == 1 && errors.Contains(code, StringComparison.Ordinal), $"{exitCode}: {errors}");
        Assert.True(retries <= 3, $"{retries} tries at what cannot work");
        Assert.DoesNotContain("former", errors, StringComparison.Ordinal);
        await mend();
        await scene.RunUntilOverAsync(new Operator(scene));
        await scene.ProveHandedOverAsync(what, $"follow: stop {code}, then on");
    }
}
