using System.Collections.Concurrent;
using System.Diagnostics;
using PgBaton.Faults.Application;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>
/// One migration under load, to which something is done. The application talks to the servers directly, pgbaton only through the proxies.
/// </summary>
sealed class Scene : IAsyncDisposable
{
    const int Writers = 3;

    readonly ServerPair _pair;
    readonly string _name;
    readonly long _started = Stopwatch.GetTimestamp();
    readonly TaskCompletionSource _goOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<EngineProcess> _engines = [];
    readonly List<Task> _recovering = [];
    static readonly ConcurrentDictionary<(int, int), Task<string>> _expectedSchema = [];
    CatalogState _before = null!;
    string? _expects;
    bool _isRecorded;

    Scene(ServerPair pair, string name, TestDatabase source, TestDatabase target)
    {
        (_pair, _name, Source, Target) = (pair, name, source, target);
        Random = new Random(Seed.Of(name));
        SourceWire = new FaultProxy("source", pair.Source.Port, Seed.Of($"{name} source"));
        TargetWire = new FaultProxy("target", pair.Target.Port, Seed.Of($"{name} target"));
    }

    public OwnServer SourceServer => _pair.Source;

    public OwnServer TargetServer => _pair.Target;

    public TestDatabase Source { get; }

    public TestDatabase Target { get; }

    public FaultProxy SourceWire { get; }

    public FaultProxy TargetWire { get; }

    /// <summary>Of this scene.</summary>
    public Random Random { get; }

    public IReadOnlyList<Writer> Clients { get; private set; } = [];

    public Probe Probe { get; private set; } = null!;

    public SumWatch Watch { get; private set; } = null!;

    /// <summary>Every row of source and target was compared after the decision, before anybody wrote on the target.</summary>
    public bool IsProvenEqual { get; set; }

    /// <summary>What the operator says with cutover.</summary>
    public double MaxDowntimeSeconds { get; set; } = 60;

    public int Acknowledged => Clients.Sum(client => client.Acknowledged);

    /// <summary>Who pgbaton is on both servers; the application is always postgres.</summary>
    public string Role { get; private set; } = "postgres";

    /// <summary>What pgbaton is given for its role.</summary>
    public string? Password { get; set; }

    /// <param name="name">On which all random numbers depend.</param>
    /// <param name="role">Attributes of the role that pgbaton gets, as which it owns both databases; null: it comes as postgres.</param>
    /// <param name="lent">Servers of the test's own; null: any.</param>
    public static async Task<Scene> StartAsync(string name, string? role = null, ServerPair? lent = null)
    {
        var pair = lent ?? await ServerPair.BorrowAsync();
        var scene = new Scene(pair, name, await pair.Source.CreateDatabaseAsync(), await pair.Target.CreateDatabaseAsync());
        try
        {
            await scene.Source.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Application", "schema.sql")));
            if (role is not null)
                scene.Role = await OwnRole.MakeAsync(pair, scene.Source, scene.Target, role);
            scene._before = await CatalogState.ReadAsync(scene.Source);
            scene.Clients = [.. Enumerable.Range(1, Writers).Select(number => new Writer(
                number, scene.Source, scene.Target, Seed.Of($"{name} writer {number}"), scene._goOver.Task).Start())];
            scene.Probe = new Probe(scene.Source, pair.Elsewhere);
            scene.Watch = new SumWatch(scene.Target).Start();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>A process of its own.</summary>
    public EngineProcess StartEngine(params string[] more)
    {
        var engine = EngineProcess.Start(
            Through(SourceWire, Source), Through(TargetWire, Target),
            ["--replica-identity", "full", "--split-larger-than", "500kB", "--jobs", "2", .. more]);
        _engines.Add(engine);
        return engine;
    }

    public IEnumerable<FaultProxy> Wires => [SourceWire, TargetWire];

    public EngineProcess NewestEngine => _engines[^1];

    /// <summary>Has something done, once, where that command passes.</summary>
    public Trigger At(Place place, Moment moment, Func<Link, Task> act, int bytes = 0)
        => (place.Side == "source" ? SourceWire : TargetWire).Add(new Trigger(place.Matches, moment, act) { Occurrence = place.Occurrence, Bytes = bytes });

    /// <summary>As if the machine had lost its power; on return the server is up again. The application is forgiven what it meets until it writes again.</summary>
    public async Task CrashAsync(OwnServer server)
    {
        var announced = Probe.Announce();
        await server.StopAsync("immediate");
        await server.StartAsync();
        _recovering.Add(RecoverAsync());

        async Task RecoverAsync()
        {
            using (announced)
                await ApplicationGoesOnAsync();
        }
    }

    /// <summary>The application writes: on the source, or it has left the source for good.</summary>
    public async Task ApplicationGoesOnAsync()
    {
        foreach (var client in Clients)
            await client.AdvanceOrLeaveAsync(3);
    }

    /// <summary>The same command again until the migration is over: whoever is told "failed for now" tries again. Returns how often it was run.</summary>
    /// <param name="attending">Who says the words.</param>
    /// <param name="expected">Exit codes other than 0 and 1 that are right here.</param>
    public async Task<int> RunUntilOverAsync(Operator attending, params int[] expected)
    {
        for (var (run, said) = (1, ""); ; run++)
        {
            Assert.True(run <= 8, $"not over after 8 runs: {said}");
            var (exitCode, errors) = await attending.FinishAsync(StartEngine());
            said = errors;
            Assert.True(exitCode is 0 or 1 || expected.Contains(exitCode), $"run {run} ended with {exitCode}: {errors}");
            if (await IsOverAsync())
                return run;
        }
    }

    /// <summary>By the application's own DDL: what is expected at the end is another schema.</summary>
    public async Task SchemaHasChangedAsync()
    {
        _expects = WithoutOurs(await SchemaOracle.ExpectAsync(Source, Target.Server));
        _before = _before with { Schema = WithoutOurs(await SchemaOracle.ReadAsync(Source)) };

        static string WithoutOurs(string schema)
            => string.Join('\n', schema.Split('\n').Where(line => !line.EndsWith("REPLICA IDENTITY FULL;", StringComparison.Ordinal)));
    }

    /// <summary>The whole migration is over: the journal was there, and is gone.</summary>
    public async Task<bool> IsOverAsync()
        => IsProvenEqual && !await Target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'pgbaton')");

    /// <summary>Says a word as psql would, unless it is said already and not answered, or carried out.</summary>
    public async Task SayAsync(string word)
    {
        try
        {
            await Target.ExecuteAsync(
                $$"""
                INSERT INTO pgbaton.word (word, arguments)
                SELECT '{{word}}', '{"max_downtime_seconds": {{MaxDowntimeSeconds}}}'
                 WHERE NOT EXISTS (SELECT FROM pgbaton.word WHERE word = '{{word}}' AND (ended_at IS NULL OR outcome ->> 'exit_code' = '0'))
                """);
        }
        catch (Npgsql.NpgsqlException)
        {
            // No journal any more, or no server at the moment: it is said again with the next event.
        }
    }

    /// <summary>The target is open, or the whole migration is over: every row is the same, and then the application goes over.</summary>
    public async Task ProveEqualAsync()
    {
        if (IsProvenEqual)
            return;
        foreach (var client in Clients)
            await client.UntilLeftAsync();
        Assert.Equal(await Patiently.AskAsync(() => RowOracle.ReadAsync(Source)), await Patiently.AskAsync(() => RowOracle.ReadAsync(Target)));
        IsProvenEqual = true;
        _goOver.TrySetResult();
    }

    /// <summary>After the end: nothing is lost or doubled on the target, nothing of ours is left, and the application suffered nothing.</summary>
    public async Task ProveHandedOverAsync(string group, string place)
    {
        await ProveEqualAsync();
        foreach (var client in Clients)
            await client.AdvanceAsync(3);
        await ProveCalmAsync();
        await Ledger.ProveAsync(Target, Clients);
        _expects ??= await _expectedSchema.GetOrAdd((SourceServer.Major, TargetServer.Major), _ => SchemaOracle.ExpectAsync(Source, Target.Server));
        Assert.Equal(_expects, await SchemaOracle.ReadAsync(Target));
        Assert.Equal(_before with { Settings = "default_transaction_read_only=on" }, await CatalogState.ReadAsync(Source));
        await CatalogState.ProveNothingOfOursAsync(Target);
        Record(group, place, "equal");
    }

    /// <summary>After abort, or a stop that the operator ended by abort: the source is as it was, and the application never noticed.</summary>
    public async Task ProveAbortedAsync(string group, string place, string outcome)
    {
        foreach (var client in Clients)
            await client.AdvanceAsync(3);
        await ProveCalmAsync();
        await Ledger.ProveAsync(Source, Clients);
        Assert.Equal(_before, await CatalogState.ReadAsync(Source));
        await CatalogState.ProveNothingOfOursAsync(Target);
        Assert.Equal("", await SchemaOracle.ReadAsync(Target));
        Record(group, place, outcome);
    }

    /// <summary>A command for the operator, run to its end.</summary>
    public async Task<(int ExitCode, string Errors)> CommandAsync(params string[] words)
    {
        using var command = EngineProcess.StartCommand(Through(SourceWire, Source), Through(TargetWire, Target), words);
        return await command.EndAsync();
    }

    /// <summary>Gives up before the decision: everything is as before.</summary>
    public async Task AbortAsync(string group, string place, string outcome)
    {
        var (exitCode, errors) = await CommandAsync("abort", "--yes");
        Assert.True(exitCode == 0, errors);
        await ProveAbortedAsync(group, place, outcome);
    }

    public void Record(string group, string place, string outcome)
    {
        _isRecorded = true;
        Outcomes.Add(group, place, outcome, Stopwatch.GetElapsedTime(_started).TotalSeconds, Acknowledged);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isRecorded)
            Record("(test failed)", _name, Outcomes.Failed);
        try
        {
            await EndAllAsync();
        }
        finally
        {
            if (!_pair.IsSpecial)
                ServerPair.GiveBack(_pair);
        }
    }

    async Task EndAllAsync()
    {
        foreach (var engine in _engines)
            engine.Dispose();
        foreach (var client in Clients)
            await IgnoreAsync(client.DisposeAsync());
        if (Probe is not null)
            await Probe.DisposeAsync();
        if (Watch is not null)
            await Watch.DisposeAsync();
        await SourceWire.DisposeAsync();
        await TargetWire.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        if (Role != "postgres")
            await OwnRole.DropAsync(_pair, Role);
    }

    async Task ProveCalmAsync()
    {
        await Task.WhenAll(_recovering);
        foreach (var client in Clients)
            await client.StopAsync();
        Assert.Empty(await Probe.StopAsync());
        Assert.Empty(await Watch.StopAsync());
    }

    // The test that broke has said why; a client that failed with it need not say it again.
    static async Task IgnoreAsync(ValueTask disposing)
    {
        try
        {
            await disposing;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Npgsql.NpgsqlException or Xunit.Sdk.XunitException)
        {
        }
    }

    string Through(FaultProxy wire, TestDatabase database)
        => new UriBuilder(database.Uri) { UserName = Role, Password = Password ?? "", Port = wire.Port, Query = "sslmode=disable" }.Uri.ToString();
}
