using System.Globalization;
using System.Text.RegularExpressions;
using PgBaton.Tests.Gate;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Offline;

/// <summary>From a source that cannot replicate, by a role that may not: closed during the copy, or not.</summary>
[Trait("Category", "Migration")]
public sealed partial class OfflineTests(UnreplicatedServer server) : IClassFixture<UnreplicatedServer>, IAsyncLifetime
{
    const string Schema = LedgerWriters.Schema + """
        CREATE TABLE keyless (a int, b text); INSERT INTO keyless SELECT g, 'x' FROM generate_series(1, 100) g;
        CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY); INSERT INTO scratch VALUES (1);
        CREATE SEQUENCE numbers; SELECT setval('numbers', 41);
        SELECT lo_from_bytea(70001, 'one');
        """;

    TestDatabase _source = null!, _target = null!;
    string _mover = "";

    public async ValueTask InitializeAsync()
    {
        _source = await server.Own.CreateDatabaseAsync();
        _target = await TestServer.Target.CreateDatabaseAsync();
        await _source.ExecuteAsync($"ALTER DATABASE {_source.Name} OWNER TO mover; GRANT ALL ON SCHEMA public TO mover");
        await using var connection = await TestServer.OpenAsync(_mover = server.Own.UriOf(_source.Name, "mover"));
        await new Npgsql.NpgsqlCommand(Schema, connection).ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    MigrationOptions Options(bool fenceFirst) => Checked.Options(_mover, _target.Uri) with { Offline = true, FenceFirst = fenceFirst };

    [Fact]
    public async Task a_source_that_is_closed_during_the_copy_loses_nothing_of_what_was_acknowledged()
    {
        var options = Options(fenceFirst: true);
        await using var migration = Migration.Open(options);
        var (copied, isOpen) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        var downtime = 0.0;
        migration.Happened += happened =>
        {
            _ = happened is StepStarted { Step: "follow" } && copied.TrySetResult();
            (downtime, isOpen) = happened is TargetOpened opened ? (opened.DowntimeSeconds, true) : (downtime, isOpen);
        };
        await using var writers = new LedgerWriters(_source, _target, clients: 4) { MayMove = () => isOpen }.Start();
        await writers.AdvanceAsync(20);
        var engine = migration.RunAsync(Goal.Finished);
        await await Task.WhenAny(copied.Task, engine).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("25006", await GatePair.FailureAsync(_source, "DELETE FROM keyless"));
        var waiting = await Migration.StatusAsync(options);
        Assert.Equal(("offline", "copied", "none", "pgbaton verify", true), (waiting.Via, waiting.State, waiting.Writer, waiting.Next, waiting.SafeToClose));
        Assert.Equal("none", (await Migration.StatusAsync(options with { Source = null })).Writer);

        await SayAsync(options, "verify");
        var asked = TimeProvider.System.GetTimestamp();
        await SayAsync(options, "cutover");
        await writers.AdvanceAsync(20);
        await writers.StopAsync();
        await writers.MustBeOnAsync(_target);
        Assert.True(downtime > TimeProvider.System.GetElapsedTime(asked).TotalSeconds / 2, $"{downtime} s, though nobody could write since before the copy");
        Assert.Equal((100L, 1L, 42L, "one"), (
            await _target.QueryAsync<long>("SELECT count(*) FROM keyless"), await _target.QueryAsync<long>("SELECT count(*) FROM scratch"),
            await _target.QueryAsync<long>("SELECT nextval('numbers')"), await _target.QueryAsync<string>("SELECT convert_from(lo_get(70001), 'UTF8')")));

        Assert.Equal("PB0718", (await RefusedAsync(options, "rollback")).Code);
        await SayAsync(options, "finish");
        await engine.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0L, await _source.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
        Assert.Equal(0L, await _target.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgbaton'"));
    }

    [Fact]
    public async Task without_it_the_target_is_of_one_moment_and_the_cutover_tells_every_row_that_came_later()
    {
        var options = Options(fenceFirst: false);
        var events = new List<MigrationEvent>();
        await using var writers = new LedgerWriters(_source, _target, clients: 4) { MayMove = () => false }.Start();
        await writers.AdvanceAsync(20);
        await using (var migration = Migration.Open(options))
        {
            migration.Happened += happened =>
            {
                lock (events)
                    events.Add(happened);
            };
            await migration.RunAsync(Goal.Copied).WaitAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(2, events.OfType<Warning>().Count(warning => warning.Code == "PB0416")); // Before it, and after it.
        Assert.Equal(4, events.OfType<TableVerified>().Count(table => table.IsEqual)); // Under the copy's own snapshot, while writers went on.
        await writers.AdvanceAsync(20);
        await writers.StopAsync();
        await writers.MustBeOnAsync(_source);
        Assert.Equal(0L, await _target.QueryAsync<long>("SELECT count(*) FROM balance b WHERE n <> (SELECT count(*) FROM ledger l WHERE l.client = b.client)"));
        var waiting = await Migration.StatusAsync(options);
        Assert.Equal(("offline", "copied", "source", "pgbaton cutover"), (waiting.Via, waiting.State, waiting.Writer, waiting.Next));

        await _source.ExecuteAsync("INSERT INTO scratch VALUES (2); SELECT lo_from_bytea(70002, 'two')");
        var later = await LaterRowsAsync() + 1;
        Assert.Equal("PB0601", (await RefusedAsync(options, "verify")).Code);
        var told = (await SayAsync(options, "cutover")).OfType<Warning>().Single(warning => warning.Code == "PB0721");
        Assert.Equal(later, long.Parse(Number().Match(told.Message).Value, CultureInfo.InvariantCulture));
        Assert.Contains("1 large objects.", told.Hint, StringComparison.Ordinal);
        Assert.Contains("\"public\".\"scratch\": 1 differing", told.Hint, StringComparison.Ordinal);
        Assert.Equal("25006", await GatePair.FailureAsync(_source, "DELETE FROM keyless"));
        Assert.Null(await GatePair.FailureAsync(_target, "DELETE FROM keyless"));
        Assert.Equal(1L, await _target.QueryAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
    }

    [Fact]
    public async Task check_asks_nothing_about_replication_and_says_what_it_costs()
    {
        var report = await Migration.CheckAsync(Options(fenceFirst: false), CancellationToken.None);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == Severity.Blocker);
        Assert.DoesNotContain(report.Findings, finding => finding.Code is "PB1020" or "PB1021" or "PB1022" or "PB1023" or "PB1024" or "PB1050" or "PB1052" or "PB1090");
        Assert.Contains("--fence-first", report.MustHave("PB1032", Severity.Warning).Fix, StringComparison.Ordinal);
        Assert.Contains("closed for writers", (await Migration.CheckAsync(Options(fenceFirst: true), CancellationToken.None)).MustHave("PB1032", Severity.Warning).Message, StringComparison.Ordinal);

        var followed = await Migration.CheckAsync(Options(fenceFirst: false) with { Offline = false }, CancellationToken.None);
        Assert.Contains("--offline", followed.MustHave("PB1020", Severity.Blocker).Fix, StringComparison.Ordinal);

        await _source.ExecuteAsync($"ALTER DATABASE {_source.Name} OWNER TO postgres; REVOKE ALL ON DATABASE {_source.Name} FROM mover");
        Assert.Single((await Migration.CheckAsync(Options(fenceFirst: false), CancellationToken.None)).Findings, finding => finding is { Code: "PB1032", Severity: Severity.Blocker });
    }

    // Inserted, and changed, on the source alone.
    async Task<long> LaterRowsAsync()
    {
        var inserted = await _source.QueryAsync<long>("SELECT count(*) FROM ledger") - await _target.QueryAsync<long>("SELECT count(*) FROM ledger");
        var (here, there) = (await BalancesAsync(_source), await BalancesAsync(_target));
        return inserted + here.Count(balance => there[balance.Key] != balance.Value);
    }

    static async Task<Dictionary<int, int>> BalancesAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        await using var rows = await new Npgsql.NpgsqlCommand("SELECT client, n FROM balance", connection).ExecuteReaderAsync();
        var balances = new Dictionary<int, int>();
        while (await rows.ReadAsync())
            balances.Add(rows.GetInt32(0), rows.GetInt32(1));
        return balances;
    }

    static async Task<List<MigrationEvent>> SayAsync(MigrationOptions options, string word)
    {
        var events = new List<MigrationEvent>();
        await using var migration = Migration.Open(options);
        migration.Happened += happened =>
        {
            lock (events)
                events.Add(happened);
        };
        var outcome = await migration.SayAsync(word, new WordArguments { MaxDowntimeSeconds = 120 }).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
        return events;
    }

    static async Task<ErrorReport> RefusedAsync(MigrationOptions options, string word)
    {
        await using var migration = Migration.Open(options);
        return (await migration.SayAsync(word, new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2))).Error!;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
